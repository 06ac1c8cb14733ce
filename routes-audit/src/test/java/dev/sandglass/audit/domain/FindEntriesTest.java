package dev.sandglass.audit.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.audit.Lists;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Attempt;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.UserQuestion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pages that end where they are full, and where others want the turn, have every entry once and in order all the same. */
@Tag("FR-007")
class FindEntriesTest {
    private final Map<String, String> store = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private int read;

    @Test
    void whereverPagesEndEveryEntryIsOnOneOfThem() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            store.clear();
            entries.clear();
            Set<String> lists = new HashSet<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                String list = "list" + i;
                lists.add(list);
                keep(list, random.nextInt(120), random);
            }
            ObjectNode asked = Json.object().put("limit", 1 + random.nextInt(90));
            asked.set("lists", Json.tree(lists));
            if (random.nextInt(3) == 0) {
                asked.put("actor", "bob");
            }
            if (random.nextInt(3) == 0) {
                asked.put("from", Lists.BEGIN.plusSeconds(random.nextInt(60)).toString());
            }
            if (random.nextInt(3) == 0) {
                asked.put("to", Lists.BEGIN.plusSeconds(60 + random.nextInt(60)).toString());
            }
            EntryQuery question = Json.read(asked.toString(), EntryQuery.class);
            List<String> expected = entries.stream()
                    .filter(one -> question.asksFor(one) && !question.early(one) && !question.over(one))
                    .sorted(Comparator.comparing(Entry::position))
                    .map(FindEntriesTest::text)
                    .toList();
            assertEquals(expected, pages(asked, random), "seed " + seed);
        }
    }

    @Test
    void anEntryIsReadOnceForAPage() {
        keep("a", 500, new Random(3), 1);
        read = 0;
        ObjectNode asked = Json.object().put("limit", 50);
        asked.set("lists", Json.array().add("a"));
        assertEquals(50, page(asked, null).entries().size());
        assertTrue(read < 90, "read: " + read);
    }

    @Test
    void aCursorOfAnotherQuestionIsRefusedByItsName() {
        keep("a", 3, new Random(3), 1);
        ObjectNode asked = Json.object().put("limit", 1);
        asked.set("lists", Json.array().add("a"));
        String next = page(asked, null).next();
        String ofOne = page(asked.deepCopy().put("list", "a"), null).next();
        for (ObjectNode wrong : List.of(
                asked.deepCopy().put("cursor", next).put("list", "a"),
                asked.deepCopy().put("cursor", ofOne).put("list", "b"),
                asked.deepCopy().put("cursor", ofOne),
                asked.deepCopy().put("cursor", next).put("actor", "bob"),
                asked.deepCopy().put("cursor", next).put("task", "a.1"),
                asked.deepCopy().put("cursor", "x"))) {
            Rejection refused = assertThrows(Rejection.class, () -> FindEntries.page(wrong.toString()));
            assertEquals(Rejection.Reason.INVALID, refused.reason());
            assertEquals("/cursor", refused.more().at("/errors/0/pointer").asText(), wrong::toString);
        }
    }

    @Test
    void aListSharedMeanwhileDoesNotEndACursor() {
        keep("a", 3, new Random(3), 1);
        keep("b", 3, new Random(3), 1);
        ObjectNode asked = Json.object().put("limit", 1);
        asked.set("lists", Json.array().add("a"));
        asked.put("cursor", page(asked, null).next());
        asked.set("lists", Json.array().add("a").add("b"));
        assertEquals(1, page(asked, null).entries().size());
    }

    private List<String> pages(ObjectNode asked, Random random) {
        List<String> found = new ArrayList<>();
        @Nullable String next = null;
        do {
            asked.put("cursor", next);
            EntryPage page = page(asked, random);
            page.entries().forEach(one -> found.add(text(one)));
            next = page.next();
        } while (next != null);
        return found;
    }

    /** @param random says where the page ends early; null: nowhere */
    private EntryPage page(ObjectNode asked, @Nullable Random random) {
        UserQuestion<EntryPage> question = FindEntries.page(asked.toString());
        Attempt<EntryPage> attempt = new Attempt<>(question, Long.MAX_VALUE);
        attempt.decide();
        while (attempt.isOpen()) {
            if (random != null && random.nextInt(5) == 0 && question.soFar().isPresent()) {
                return question.soFar().get();
            }
            Map<String, Stored> some = new HashMap<>();
            attempt.wanted().forEach(key -> some.put(key, new Stored(key, store.get(key), null)));
            read += some.size();
            attempt.saw(some);
            attempt.decide();
        }
        return attempt.answer();
    }

    private void keep(String list, int n, Random random) {
        keep(list, n, random, 1 + random.nextInt(3) * 20_000);
    }

    /** Keeps {@code n} entries, of which some are missing and one in four is as large as said. */
    private void keep(String list, int n, Random random, int large) {
        store.put("cursor/" + list, Json.object().put("v", 1).put("seq", n).toString());
        for (ObjectNode change : Lists.changes(list, n)) {
            if (random.nextInt(4) == 0) {
                change.withObject("/changed")
                        .set("description", Json.array().add("").add("x".repeat(large)));
            }
            if (large > 1 && random.nextInt(20) == 0) {
                continue;
            }
            Kept kept = Kept.asItCame(change);
            store.put(EntryId.of(list, change).key(), Json.text(kept));
            entries.add(kept.entry());
        }
    }

    private static String text(Entry entry) {
        return entry.list() + "/" + entry.seq() + " " + entry.changed();
    }
}
