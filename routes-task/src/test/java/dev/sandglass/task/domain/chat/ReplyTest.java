package dev.sandglass.task.domain.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.sandglass.events.Priority;
import dev.sandglass.events.Task;
import dev.sandglass.task.domain.finding.Sample;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.Workdays;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplyTest {
    private static final Language ENGLISH = Language.spokenIn("en");
    private static final ZonedDateTime NOW = ZonedDateTime.parse("2026-11-21T09:40:00+01:00[Europe/Warsaw]");

    private static Reply reply(ZonedDateTime now) {
        return new Reply(ENGLISH, now);
    }

    @Test
    void saysWhatWasAdded() {
        var milk =
                task("a.1", "buy milk", "2026-11-22T09:00:00", Priority.HIGH, List.of("home"), null, List.of("-PT15M"));
        assertEquals(
                "Added “buy milk”, due tomorrow at 09:00, high, #home. I will remind you 15 minutes before.",
                reply(NOW).added(milk, null));
        var gym = task(
                "a.2",
                "gym",
                "2026-11-23",
                Priority.MEDIUM,
                List.of(),
                "FREQ=WEEKLY;BYDAY=MO,FR",
                List.of("2026-11-23T07:00:00Z", "PT0S"));
        assertEquals(
                "Added “gym”, due on Monday, every week on Monday and Friday."
                        + " I will remind you on Monday at 08:00 and when it is due.",
                reply(NOW).added(gym, null));
        var drinks =
                task("a.3", "drinks", "2027-01-29", Priority.MEDIUM, List.of(), "FREQ=MONTHLY;BYDAY=-1FR", List.of());
        assertEquals(
                "Added “drinks”, due on 29 January 2027, every month on the last Friday.",
                reply(NOW).added(drinks, null));
    }

    @Test
    void saysTheWholeRule() {
        assertEquals(
                "every 3 days from completion, until 31 December 2026",
                new RuleInWords(ENGLISH)
                        .of(
                                "FREQ=DAILY;INTERVAL=3;UNTIL=20261231",
                                Recurrence.From.COMPLETION,
                                Workdays.AS_IS,
                                NOW.getZone()));
        assertEquals(
                "every month, until 1 January 2027 at 00:30",
                rule("FREQ=MONTHLY;SKIP=BACKWARD;UNTIL=20261231T233000Z"));
        assertEquals("every month on day 1 and day 15, 5 times", rule("FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=5"));
        assertEquals("every month on its last day", rule("FREQ=MONTHLY;BYMONTHDAY=-1"));
        assertEquals("every month 2 days before its end", rule("FREQ=MONTHLY;BYMONTHDAY=-3"));
        assertEquals("every month on the first working day", rule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"));
        assertEquals("every month on the fifth Friday", rule("FREQ=MONTHLY;BYDAY=5FR"));
        assertEquals("every year on the last Friday of November", rule("FREQ=YEARLY;BYMONTH=11;BYDAY=-1FR"));
        assertEquals("every 2 weeks on Monday, Wednesday and Friday", rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR"));
        assertEquals("by the rule FREQ=YEARLY;BYWEEKNO=1", rule("FREQ=YEARLY;BYWEEKNO=1"));
    }

    private static String rule(String rule) {
        return new RuleInWords(ENGLISH).of(rule, Recurrence.From.SCHEDULE, Workdays.AS_IS, NOW.getZone());
    }

    @Test
    void saysWhenItRemindsOfAWholeDay() {
        var trip = task("a.1", "trip", "2026-11-24", Priority.MEDIUM, List.of(), null, List.of("PT9H", "-PT6H"));
        assertEquals(
                "Added “trip”, due on Tuesday. I will remind you at 09:00 on the day and at 18:00 the day before.",
                reply(NOW).added(trip, null));
    }

    @Test
    void promisesNoReminderThatIsPast() {
        var call =
                task("a.1", "call", "2026-11-21T10:00:00", Priority.MEDIUM, List.of(), null, List.of("-PT1H", "-PT5M"));
        assertEquals(
                "Added “call”, due today at 10:00. I will remind you 5 minutes before."
                        + " It is too late for a reminder 1 hour before.",
                reply(NOW).added(call, null));
    }

    @Test
    void endsASentenceOnce() {
        var asked = (Intent.Unclear) Understanding.of("meet on 31.11.", NOW).intent();
        assertEquals("There is no such day: 31.11. Which day do you mean?", asked.question());
        var other =
                (Intent.Unclear) Understanding.of("meet on 31 november", NOW).intent();
        assertEquals("There is no such day: 31 november. Which day do you mean?", other.question());
    }

    @Test
    void saysATimeOfAnotherZoneInTheUsers() {
        var call = task("a.1", "call", "2026-11-22T09:00:00", Priority.MEDIUM, List.of(), null, List.of());
        assertEquals(
                "Added “call”, due tomorrow at 03:00.",
                reply(NOW.withZoneSameInstant(ZoneId.of("America/New_York"))).added(call, null));
    }

    @Test
    void saysWhatWasFound() {
        var show = new Intent.Show(Map.of(), "due this week", null);
        var milk = plain("a.1", "milk", "2026-11-21");
        assertEquals("One task due this week: “milk” (today).", reply(NOW).found(show, List.of(milk), 1));
        assertEquals("No tasks due this week.", reply(NOW).found(show, List.of(), 0));
        assertEquals(
                "9 tasks due this week: “milk” (today); and 8 more.", reply(NOW).found(show, List.of(milk), 9));
    }

    @Test
    void saysWhatWasCompleted() {
        assertEquals(
                "Done: “milk”. The next one is due tomorrow.",
                reply(NOW).completed(plain("a.1", "milk", "2026-11-21"), Due.parse("2026-11-22")));
    }

    @Test
    void findsTheTaskThatIsMeant() {
        var milk = plain("a.1", "Buy milk", null);
        var more = plain("a.2", "Buy more milk", null);
        var rent = plain("a.3", "Pay rent", null);
        var open = List.of(milk, more, rent);
        assertEquals(List.of(rent), among("the rent", open));
        assertEquals(List.of(milk), among("buy milk", open));
        assertEquals(List.of(milk, more), among("milk", open));
        assertEquals(List.of(more), among("task a.2", open));
        assertEquals(List.of(), among("bread", open));
    }

    @Test
    void asksWhichOne() {
        var open = List.of(plain("a.1", "Buy milk", "2026-11-22"), plain("a.2", "Buy more milk", null));
        var unclear = reply(NOW).which(new Intent.Complete("milk", null), open);
        assertEquals(
                List.of(
                        new Choice("done with task a.1", "Buy milk, due tomorrow"),
                        new Choice("done with task a.2", "Buy more milk")),
                unclear.choices());
        var second = Understanding.answer(unclear.pending(), "the second", NOW).intent();
        assertEquals(List.of(open.get(1)), ((Intent.Complete) second).among(open, it -> it));
        assertNotNull(reply(NOW)
                .which(new Intent.Complete("bread", null), List.of())
                .choices()
                .get(0));
    }

    private static List<Task> among(String words, List<Task> open) {
        return new Intent.Complete(words, null).among(open, it -> it.toLowerCase(Locale.ROOT));
    }

    private static Task plain(String id, String title, @Nullable String due) {
        return task(id, title, due, Priority.MEDIUM, List.of(), null, List.of());
    }

    private static Task task(
            String id,
            String title,
            @Nullable String due,
            Priority priority,
            List<String> tags,
            @Nullable String recurrence,
            List<String> reminders) {
        return new Sample(id)
                .title(title)
                .due(due)
                .priority(priority)
                .tags(tags.toArray(String[]::new))
                .recurrence(recurrence)
                .reminders(reminders)
                .task();
    }
}
