package dev.sandglass.audit.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.audit.Lists;
import dev.sandglass.audit.domain.Verification.Deviation;
import dev.sandglass.audit.domain.Verification.Verdict;
import dev.sandglass.events.Erased;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Decisions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A person goes from the audit, and the chain stays whole; what goes without being told is named. */
@Tag("FR-007")
@Tag("SC-006")
class EraseEntriesTest {
    private static final String LIST = "flat";
    /** Alice did every second of them. */
    private static final int MANY = 40;

    private final MemoryDapr dapr = new MemoryDapr(1);
    private final List<ObjectNode> changes = new ArrayList<>(Lists.changes(LIST, MANY));

    EraseEntriesTest() {
        changes.forEach(this::keep);
    }

    private void keep(ObjectNode change) {
        dapr.tamper(EntryId.of(LIST, change).key(), Json.text(Kept.asItCame(change)));
    }

    /** The ledger tells that so many were emptied. */
    private long told(long entries) {
        long seq = changes.size() + 1L;
        ObjectNode change = Lists.change(
                LIST,
                seq,
                "list.updated",
                null,
                0,
                changes.get(changes.size() - 1).path("hash").asText());
        change.put("actor", Erased.NAME);
        change.putObject("changed").set(Erased.TOLD, Json.tree(Erased.telling(entries, "person")));
        changes.add(Lists.sealed(change));
        keep(change);
        return seq;
    }

    private long erase(String user, boolean all, long by, long upTo) {
        long entries = 0;
        long after = 0;
        while (after < upTo) {
            EraseEntries.Done done = Decisions.decide(
                    dapr, EraseEntries.of(Json.text(new EraseEntries.Order(LIST, upTo, user, all, by, after))));
            after = done.after();
            entries += done.entries();
        }
        return entries;
    }

    private Verdict verify() {
        JsonNode last = changes.get(changes.size() - 1);
        Verification verification = new Verification(LIST);
        for (int seq = 1; seq <= changes.size(); seq++) {
            Stored stored = stored(seq);
            verification.next(seq, stored.absent() ? null : stored.as(Kept.class), changes.size());
        }
        return verification.verdict(changes.size(), last.path("hash").asText());
    }

    private Stored stored(long seq) {
        String key = new EntryId(LIST, seq).key();
        return dapr.read(List.of(key)).get(key);
    }

    private Kept kept(long seq) {
        return stored(seq).as(Kept.class);
    }

    @Test
    void aPersonGoesAndTheChainStaysWhole() {
        assertEquals(MANY / 2, erase("alice", false, 0, MANY));
        assertTrue(kept(2).change().contains("alice"), "counting changes nothing");
        long by = told(MANY / 2);
        assertTrue(verify().complete(), "told, and not yet done");
        assertEquals(MANY / 2, erase("alice", false, by, MANY));
        for (long seq = 1; seq <= MANY; seq++) {
            assertFalse(kept(seq).change().contains("alice"));
        }
        assertFalse(kept(2).change().contains("new 2"), "what she said is gone");
        assertTrue(kept(3).change().contains("new 3"), "what bob said is not");
        Entry entry = kept(2).entry();
        assertEquals(Erased.NAME, entry.actor());
        assertEquals("task.created", entry.event());
        assertEquals(LIST + ".1", entry.task());
        Verdict verdict = verify();
        assertTrue(verdict.complete(), verdict::toString);
        assertEquals(MANY / 2, verdict.erased());
        assertEquals(0, erase("alice", false, by, MANY), "again: there is nothing left");
        assertEquals(verdict, verify());
    }

    @Test
    void ofAListOfTheirOwnNothingIsLeftButWhoDidWhatWhen() {
        long by = told(MANY);
        erase("alice", true, by, MANY);
        for (long seq = 1; seq <= MANY; seq++) {
            assertFalse(kept(seq).change().contains("new "), kept(seq)::change);
        }
        assertEquals("bob", kept(3).entry().actor());
        assertEquals(MANY, verify().erased());
        assertTrue(verify().complete());
        String before = kept(7).change();
        erase("alice", true, by, MANY);
        assertEquals(before, kept(7).change());
    }

    @Test
    void whatIsEmptiedWithoutBeingToldIsNamed() {
        dapr.tamper(stored(5).key(), Json.text(kept(5).without("bob", false, MANY + 1)));
        assertEquals(new Deviation(5, "altered"), verify().first());
        told(0);
        assertEquals(new Deviation(5, "altered"), verify().first(), "nor is it told by a change that tells of none");
    }

    @Test
    void whatIsEmptiedBesideWhatWasToldIsNamed() {
        long by = told(MANY / 2);
        erase("alice", false, by, MANY);
        dapr.tamper(stored(5).key(), Json.text(kept(5).without("bob", false, by)));
        assertEquals(new Deviation(2, "altered"), verify().first(), "nobody knows which of them is too many");
        assertFalse(verify().complete());
    }

    @Test
    void anEntryIsNotEmptiedByAChangeBeforeIt() {
        long by = told(MANY / 2);
        long later = told(1);
        dapr.tamper(stored(later).key(), Json.text(kept(later).without("x", false, by)));
        assertEquals(new Deviation(later, "altered"), verify().first());
    }

    @Test
    void anEmptiedEntryIsStillHeldToItsPlace() {
        long by = told(MANY / 2);
        erase("alice", false, by, MANY);
        Kept four = kept(4);
        dapr.tamper(stored(6).key(), Json.text(four));
        assertEquals(new Deviation(6, "altered"), verify().first());
    }

    @Test
    void onePersonAfterTheOther() {
        long first = told(erase("alice", false, 0, MANY));
        erase("alice", false, first, MANY);
        long second = told(erase("bob", false, 0, first));
        erase("bob", false, second, first);
        Verdict verdict = verify();
        assertTrue(verdict.complete(), verdict::toString);
        assertEquals(MANY, verdict.erased());
        long last = told(second);
        erase("carol", true, last, second);
        assertTrue(verify().complete(), verify()::toString);
    }

    @Test
    void whatEventsBringAgainIsNoAlarm() {
        Kept before = kept(2);
        assertTrue(before.sameAs(before.without("alice", false, 99)));
    }
}
