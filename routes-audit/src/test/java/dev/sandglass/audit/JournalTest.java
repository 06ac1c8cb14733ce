package dev.sandglass.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.audit.domain.Entry;
import dev.sandglass.audit.domain.Page;
import dev.sandglass.audit.domain.Verification.Deviation;
import dev.sandglass.audit.domain.Verification.Verdict;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Unavailable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-007")
@Tag("SC-006")
class JournalTest {
    private final Ledgers dapr = new Ledgers();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Journal journal = new Journal(dapr, meters);
    private final Answers answers = new Answers(journal);

    @Test
    void events_in_any_order_and_number_are_kept_once_each_as_they_came() {
        List<ObjectNode> changes = ledgerHas("inbox", 40);
        List<ObjectNode> heard = new ArrayList<>(changes);
        heard.addAll(changes.subList(10, 30));
        Collections.shuffle(heard, new Random(7));
        heard.forEach(change -> journal.keep(change.toString()));
        assertEquals(new Verdict(true, 40, 40, hash(changes, 40), null), verify(changes, 40));
        assertTrue(dapr.read("entry/inbox/7").json().contains("laterField"));
        assertEquals(0, alarms());
    }

    @Test
    void an_unknown_outcome_is_settled_by_the_cursor() {
        List<ObjectNode> changes = ledgerHas("inbox", 3);
        dapr.next(Mishap.ANSWER_LOST);
        journal.keep(changes.get(0).toString());
        dapr.next(Mishap.LOST);
        journal.keep(changes.get(1).toString());
        dapr.next(Mishap.ANSWER_LOST);
        journal.keep(changes.get(2).toString());
        assertTrue(verify(changes, 3).complete());
        assertEquals(2, history("inbox.1").size());
        assertEquals(0, alarms());
    }

    @Test
    void another_change_under_the_same_number_is_an_alarm_and_changes_nothing() {
        List<ObjectNode> changes = ledgerHas("inbox", 3);
        journal.catchUp();
        ObjectNode forged = Lists.sealed(changes.get(1).deepCopy().put("actor", "mallory"));
        journal.keep(forged.toString());
        assertEquals(1, alarms());
        assertTrue(verify(changes, 3).complete());
    }

    @Test
    void an_event_the_ledger_knows_nothing_of_is_an_alarm_and_is_not_kept() {
        ledgerHas("inbox", 3);
        journal.catchUp();
        journal.keep(Lists.changes("inbox", 9).get(8).toString());
        assertEquals(1, alarms());
        assertTrue(dapr.read("entry/inbox/9").absent());
    }

    @Test
    void an_entry_somebody_put_there_beforehand_is_an_alarm_and_the_list_goes_on() {
        List<ObjectNode> changes = ledgerHas("inbox", 5);
        dapr.tamper("entry/inbox/3", "{\"v\":1,\"content\":\"\",\"change\":\"{}\"}");
        journal.catchUp();
        assertEquals(1, alarms());
        assertEquals(new Deviation(3, "altered"), verify(changes, 5).first());
        assertEquals(4, verify(changes, 5).entries() - 1);
    }

    @Test
    void a_removed_entry_is_missing_and_one_that_never_came_is_fetched() {
        List<ObjectNode> changes = ledgerHas("inbox", 5);
        journal.keep(changes.get(0).toString());
        assertTrue(verify(changes, 5).complete());
        dapr.tamper("entry/inbox/2", null);
        assertEquals(new Deviation(2, "missing"), verify(changes, 5).first());
    }

    @Test
    void while_task_is_away_what_is_above_the_cursor_is_not_yet() {
        List<ObjectNode> changes = ledgerHas("inbox", 5);
        journal.keep(changes.get(0).toString());
        dapr.taskAway = true;
        assertEquals(new Deviation(2, "not yet"), verify(changes, 5).first());
        assertThrows(Unavailable.class, () -> journal.keep(changes.get(3).toString()));
    }

    @Test
    void what_is_no_change_is_refused_and_not_kept_as_one() {
        for (String junk : List.of(
                "[]",
                "{}",
                "{\"list\":\"inbox\",\"seq\":0}",
                Lists.changes("inbox", 1).get(0).put("actor", "mallory").toString())) {
            assertThrows(IllegalArgumentException.class, () -> journal.keep(junk), junk);
        }
        assertEquals(Set.of(), dapr.keys());
    }

    @Test
    void a_list_longer_than_a_page_is_caught_up_with_and_verified() {
        List<ObjectNode> changes = ledgerHas("inbox", 2_345);
        journal.catchUp();
        assertTrue(verify(changes, 2_345).complete());
        assertTrue(verify(changes, 2_000).complete());
    }

    @Test
    void a_task_keeps_its_history_when_it_moves_and_when_it_is_deleted() {
        List<ObjectNode> home = Lists.changes("home", 3);
        home.add(Lists.change("home", 4, "task.deleted", "home.1", 3, hash(home, 3)));
        List<ObjectNode> work = Lists.changes("work", 1);
        work.add(Lists.change("work", 2, "task.created", "home.1", 3, hash(work, 1)));
        work.add(Lists.change("work", 3, "task.deleted", "home.1", 4, hash(work, 2)));
        // The other list is heard of first.
        ledgerHas("work", work);
        ledgerHas("home", home);
        work.forEach(change -> journal.keep(change.toString()));
        home.forEach(change -> journal.keep(change.toString()));
        assertEquals(
                List.of("home/2", "home/3", "home/4", "work/2", "work/3"),
                history("home.1").stream().map(JournalTest::place).toList());
    }

    @Test
    void a_question_is_answered_by_time_over_lists_a_page_at_a_time() {
        List<String> expected = new ArrayList<>();
        for (String list : List.of("a", "b", "c")) {
            ledgerHas(list, 90);
        }
        for (int seq = 1; seq <= 90; seq++) {
            for (String list : List.of("a", "b", "c")) {
                expected.add(list + "/" + seq);
            }
        }
        journal.catchUp();
        assertEquals(expected, all("{\"lists\":[\"c\",\"a\",\"b\"],\"limit\":7%s}"));
        assertEquals(
                expected.stream().filter(place -> !place.startsWith("b")).toList(),
                all("{\"lists\":[\"a\",\"c\"],\"limit\":500%s}"));
    }

    @Test
    void a_question_may_name_a_task_an_actor_and_a_time() {
        ledgerHas("a", 90);
        ledgerHas("b", 90);
        journal.catchUp();
        String from = Lists.BEGIN.plusSeconds(10).toString();
        String to = Lists.BEGIN.plusSeconds(14).toString();
        assertEquals(
                List.of("a/10", "b/10", "a/12", "b/12"),
                all("{\"lists\":[\"a\",\"b\"],\"actor\":\"alice\",\"from\":\"" + from + "\",\"to\":\"" + to
                        + "\",\"limit\":3%s}"));
        assertEquals(
                List.of("b/10", "b/11", "b/12", "b/13"),
                all("{\"lists\":[\"a\",\"b\"],\"task\":\"b.1\",\"from\":\"" + from + "\",\"to\":\"" + to
                        + "\",\"limit\":3%s}"));
        assertEquals(List.of(), all("{\"lists\":[\"a\"],\"task\":\"b.1\"%s}"));
        assertEquals(List.of(), all("{\"lists\":[\"nobody's\"]%s}"));
    }

    @Test
    void a_removed_entry_does_not_break_the_reading_of_the_others() {
        ledgerHas("a", 60);
        journal.catchUp();
        for (int seq = 25; seq <= 40; seq++) {
            dapr.tamper("entry/a/" + seq, null);
        }
        for (int second = 1; second <= 61; second++) {
            String from = Lists.BEGIN.plusSeconds(second).toString();
            long count = second < 25 ? 60 - second + 1 - 16 : second <= 40 ? 20 : 60 - second + 1;
            assertEquals(
                    count,
                    all("{\"lists\":[\"a\"],\"from\":\"" + from + "\"%s}").size(),
                    from);
        }
    }

    @Test
    void a_cursor_goes_with_its_question() {
        ledgerHas("a", 60);
        journal.catchUp();
        String cursor = answers.entries("{\"lists\":[\"a\"],\"limit\":1}").next();
        assertTrue(cursor.matches("[A-Za-z0-9._~-]{1,1000}"));
        for (String wrong : List.of(
                "\"cursor\":\"" + cursor + "\",\"actor\":\"bob\"",
                "\"cursor\":\"junk\"",
                "\"limit\":0",
                "\"limit\":501")) {
            Problem problem =
                    assertThrows(Problem.class, () -> answers.entries("{\"lists\":[\"a\"]," + wrong + "}"), wrong);
            assertEquals(422, problem.status());
        }
    }

    @Test
    void a_question_that_fits_nearly_nothing_looks_at_a_bounded_number_and_goes_on() {
        List<ObjectNode> changes = ledgerHas("a", 5_050);
        journal.catchUp();
        Page page = answers.entries("{\"lists\":[\"a\"],\"actor\":\"nobody\"}");
        assertEquals(List.of(), page.entries());
        assertFalse(page.next() == null);
        assertEquals(List.of(), all("{\"lists\":[\"a\"],\"actor\":\"nobody\"%s}"));
        assertEquals(5_050, changes.size());
    }

    // ---------------------------------------------------------------- In the system's words

    private List<ObjectNode> ledgerHas(String list, int n) {
        return ledgerHas(list, Lists.changes(list, n));
    }

    private List<ObjectNode> ledgerHas(String list, List<ObjectNode> changes) {
        dapr.ledger.put(list, Json.array().addAll(changes));
        return changes;
    }

    private Verdict verify(List<ObjectNode> changes, int seq) {
        return answers.verify(Json.object()
                .put("list", changes.get(0).path("list").asText())
                .put("seq", seq)
                .put("hash", hash(changes, seq))
                .toString());
    }

    private List<Entry> history(String task) {
        return answers.history("{\"task\":\"" + task + "\"}").entries();
    }

    private List<String> all(String question) {
        List<String> places = new ArrayList<>();
        @Nullable String next = null;
        do {
            Page page = answers.entries(question.formatted(next == null ? "" : ",\"cursor\":\"" + next + "\""));
            page.entries().forEach(entry -> places.add(place(entry)));
            next = page.next();
        } while (next != null);
        return places;
    }

    private double alarms() {
        return meters.get("sandglass.audit.alarms").counter().count();
    }

    private static String place(Entry entry) {
        return entry.list() + "/" + entry.seq();
    }

    private static String hash(List<ObjectNode> changes, int seq) {
        return changes.get(seq - 1).path("hash").asText();
    }
}
