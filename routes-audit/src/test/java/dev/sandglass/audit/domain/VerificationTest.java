package dev.sandglass.audit.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.audit.Lists;
import dev.sandglass.audit.domain.Verification.Deviation;
import dev.sandglass.audit.domain.Verification.Verdict;
import dev.sandglass.events.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

@Tag("SC-006")
class VerificationTest {
    private static final int MOST = 12;

    private final List<ObjectNode> changes = Lists.changes("inbox", MOST);

    @Property
    void a_whole_chain_of_any_length_is_complete(@ForAll @IntRange(min = 0, max = MOST) int n) {
        Verdict verdict = verify(kept(n), n, n);
        assertEquals(new Verdict(true, n, n, hash(n), null, 0), verdict);
    }

    @Property
    void a_removed_entry_is_missing(
            @ForAll @IntRange(min = 1, max = MOST) int n, @ForAll @IntRange(min = 1, max = MOST) int at) {
        int gone = Math.min(n, at);
        List<@Nullable Kept> kept = kept(n);
        kept.set(gone - 1, null);
        assertEquals(new Verdict(false, n - 1, n, hash(n), new Deviation(gone, "missing"), 0), verify(kept, n, n));
    }

    @Property
    void an_altered_entry_is_named(
            @ForAll @IntRange(min = 1, max = MOST) int n,
            @ForAll @IntRange(min = 1, max = MOST) int at,
            @ForAll Forgery forgery) {
        int forged = Math.min(n, at);
        List<@Nullable Kept> kept = kept(n);
        kept.set(forged - 1, forgery.of(changes.get(forged - 1), changes.get(forged % MOST)));
        assertEquals(new Deviation(forged, "altered"), verify(kept, n, n).first());
    }

    /** The forgeries that an attacker could write in the place of an entry. */
    enum Forgery {
        CONTENT {
            @Override
            Kept of(ObjectNode change, ObjectNode other) {
                return new Kept(
                        1,
                        Kept.asItCame(change).content(),
                        change.deepCopy().put("actor", "mallory").toString());
            }
        },
        CONTENT_AND_ITS_HASH {
            @Override
            Kept of(ObjectNode change, ObjectNode other) {
                return Kept.asItCame(change.deepCopy().put("actor", "mallory"));
            }
        },
        ALL_HASHES {
            @Override
            Kept of(ObjectNode change, ObjectNode other) {
                return Kept.asItCame(Lists.sealed(change.deepCopy().put("actor", "mallory")));
            }
        },
        PREV {
            @Override
            Kept of(ObjectNode change, ObjectNode other) {
                return Kept.asItCame(Lists.sealed(change.deepCopy().put("prev", "0".repeat(64))));
            }
        },
        REPLAYED {
            @Override
            Kept of(ObjectNode change, ObjectNode other) {
                return Kept.asItCame(other);
            }
        },
        OF_ANOTHER_LIST {
            @Override
            Kept of(ObjectNode change, ObjectNode other) {
                return Kept.asItCame(Lists.sealed(change.deepCopy().put("list", "work")));
            }
        },
        NO_CHANGE {
            @Override
            Kept of(ObjectNode change, ObjectNode other) {
                return new Kept(1, "", "[]");
            }
        };

        abstract Kept of(ObjectNode change, ObjectNode other);
    }

    @Property
    void of_two_reordered_entries_the_first_is_named(
            @ForAll @IntRange(min = 1, max = MOST) int one, @ForAll @IntRange(min = 1, max = MOST) int other) {
        List<@Nullable Kept> kept = kept(MOST);
        Collections.swap(kept, one - 1, other - 1);
        Deviation first = verify(kept, MOST, MOST).first();
        assertEquals(one == other ? null : new Deviation(Math.min(one, other), "altered"), first);
    }

    @Property
    void an_invented_entry_that_pushes_the_others_on_is_named(@ForAll @IntRange(min = 2, max = MOST - 2) int at) {
        List<@Nullable Kept> kept = kept(MOST);
        ObjectNode invented = Lists.change("inbox", at, "task.updated", "inbox.1", 9, hash(at - 1));
        kept.add(at - 1, Kept.asItCame(Lists.sealed(invented.put("actor", "mallory"))));
        kept.remove(MOST);
        assertEquals(new Deviation(at, "altered"), verify(kept, MOST, MOST).first());
    }

    @Property
    void a_removed_entry_whose_place_the_next_ones_took_is_named(@ForAll @IntRange(min = 1, max = MOST - 1) int at) {
        List<@Nullable Kept> kept = kept(MOST);
        kept.remove(at - 1);
        kept.add(null);
        assertEquals(new Deviation(at, "altered"), verify(kept, MOST, MOST).first());
    }

    @Example
    void a_cut_tail_shows_against_the_ledgers_hash() {
        assertEquals(new Deviation(4, "missing"), verify(kept(3), 5, 5).first());
    }

    @Example
    void a_tail_that_another_ledger_would_have_is_altered() {
        Verification verification = new Verification("inbox");
        for (int seq = 1; seq <= 3; seq++) {
            verification.next(seq, Kept.asItCame(changes.get(seq - 1)), 3);
        }
        assertEquals(
                new Deviation(3, "altered"),
                verification.verdict(3, "0".repeat(64)).first());
    }

    @Example
    void what_has_not_come_yet_is_not_missing() {
        Verdict verdict = verify(kept(3), 5, 3);
        assertEquals(new Verdict(false, 3, 5, hash(5), new Deviation(4, "not yet"), 0), verdict);
    }

    @Example
    void the_answer_is_the_contracts() {
        assertEquals(
                "{\"complete\":false,\"entries\":0,\"seq\":1,\"hash\":\"" + hash(1)
                        + "\",\"first\":{\"seq\":1,\"why\":\"not yet\"}}",
                Json.text(verify(kept(0), 1, 0)));
        assertTrue(Json.text(verify(kept(1), 1, 1)).endsWith(hash(1) + "\"}"));
    }

    private Verdict verify(List<@Nullable Kept> kept, int seq, int followed) {
        Verification verification = new Verification("inbox");
        for (int i = 1; i <= seq; i++) {
            verification.next(i, i <= kept.size() ? kept.get(i - 1) : null, followed);
        }
        return verification.verdict(seq, hash(seq));
    }

    private List<@Nullable Kept> kept(int n) {
        List<@Nullable Kept> kept = new ArrayList<>();
        changes.subList(0, n).forEach(change -> kept.add(Kept.asItCame(change)));
        return kept;
    }

    private String hash(int seq) {
        return seq == 0 ? "" : changes.get(seq - 1).path("hash").asText();
    }
}
