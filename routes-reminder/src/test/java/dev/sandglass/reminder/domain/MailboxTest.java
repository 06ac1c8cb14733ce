package dev.sandglass.reminder.domain;

import static dev.sandglass.reminder.domain.Tasks.DAY_BEFORE;
import static dev.sandglass.reminder.domain.Tasks.MORNING;
import static dev.sandglass.support.domain.Decisions.decide;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A reminder on its way to channels: from the list's mailbox to those of its members, and out, whatever goes wrong. */
@Tag("FR-003")
class MailboxTest {
    private static final Task TASK = Tasks.open(1, "PT0S");
    private static final String LIST = ReminderKeys.postsOfList("l1");
    private static final String ALICE = ReminderKeys.postsOf("alice");

    private final MemoryDapr dapr = new MemoryDapr(7);
    private Instant now = MORNING;
    private @Nullable Mishap whileRecorded;

    @BeforeEach
    void plan() {
        TaskReminders plan = requireNonNull(TaskReminders.after(null, TASK, false, DAY_BEFORE));
        dapr.commit(new Transaction().create(ReminderKeys.reminders(TASK.id()), plan));
    }

    @Test
    void whatGoesToNoMembersChannelIsNotPosted() {
        fire(false);
        assertTrue(
                dapr.keys().stream().noneMatch(ReminderKeys::isPosts),
                dapr.keys().toString());
    }

    @ParameterizedTest
    @EnumSource(Mishap.class)
    void itIsToldOnceAtEachChannelWhateverTheStoreAnswersOnce(Mishap mishap) {
        whileRecorded = mishap;
        List<Alarm> posted = fire(true);
        assertEquals(List.of(new Alarm("l1", LIST, Mailbox.MEMBERS, 0, MORNING)), posted);
        dapr.next(mishap);
        Errand list = requireNonNull(take(posted.get(0)).errand());
        dapr.next(mishap);
        List<Alarm> spread = finish(list, step(list, alice(null, "reminders")));
        assertEquals(
                List.of("email", "webhook"),
                spread.stream()
                        .filter(alarm -> alarm.task().equals(ALICE))
                        .map(Alarm::reminder)
                        .toList());
        for (Alarm alarm : spread) {
            dapr.next(mishap);
            Errand errand = requireNonNull(take(alarm).errand());
            dapr.next(mishap);
            assertEquals(
                    1,
                    finish(errand, assertInstanceOf(NextStep.Send.class, step(errand, alice(null, "reminders"))))
                                    .stream()
                                    .filter(left -> left.reminder().equals("webhook"))
                                    .count()
                            + (alarm.reminder().equals("webhook") ? 1 : 0));
        }
        assertEquals(Map.of("email", "delivered", "webhook", "delivered"), told());
        assertNull(take(spread.get(0)).errand(), "nothing is left");
    }

    @Test
    void anAddressThatAnEarlierVersionTookIsToldOfAtOnceAndTheOtherChannelIsTold() {
        ObjectNode answer = alice(null, "reminders");
        ((ObjectNode) answer.at("/users/0/channels/webhook")).put("address", "https://hooks.example.com/a//b");
        Errand list = requireNonNull(take(fire(true).get(0)).errand());
        for (Alarm alarm : finish(list, step(list, answer))) {
            if (alarm.task().equals(ALICE)) {
                Errand errand = requireNonNull(take(alarm).errand());
                finish(errand, step(errand, answer));
            }
        }
        assertEquals(Map.of("email", "delivered", "webhook", "failed"), told());
    }

    @Test
    void whatIsPostedAgainIsToldNoSecondTime() {
        Errand list = requireNonNull(take(fire(true).get(0)).errand());
        NextStep spread = step(list, alice(null, "reminders"));
        finish(list, spread);
        finish(list, spread);
        dapr.tamper(ReminderKeys.reminders(TASK.id()), null);
        plan();
        fire(true);
        JsonNode mailbox = dapr.read(ALICE).tree();
        assertEquals(1, mailbox.at("/queues/email/waiting").size());
        assertEquals(Map.of(), dapr.read(LIST).as(Mailbox.class).queues());
    }

    /** A mailbox remembers the last two hundred that are over. */
    @Test
    void whileTheBrokerIsAwayEachPlanningIsPostedOnceHoweverManyThereAre() {
        List<Task> tasks = IntStream.range(100, 301)
                .mapToObj(n -> Tasks.as(TASK, "l1." + n))
                .toList();
        tasks.forEach(task -> plan(requireNonNull(TaskReminders.after(null, task, false, DAY_BEFORE))));
        Alarm list = ringWithoutBroker(tasks).get(0);
        ObjectNode answer = alice(null, "reminders");
        for (Errand errand = take(list).errand();
                errand != null;
                errand = take(list).errand()) {
            finish(errand, step(errand, answer));
        }
        assertEquals(201, dapr.read(ALICE).tree().at("/queues/email/waiting").size());
        now = MORNING.plusSeconds(1);
        assertEquals(List.of(), ringWithoutBroker(tasks));
        assertEquals(Map.of(), dapr.read(LIST).as(Mailbox.class).queues());
        Task later =
                Tasks.as(Tasks.due(TASK, 2, "2027-01-31T10:00:00"), tasks.get(0).id());
        plan(requireNonNull(TaskReminders.after(planOf(later), later, false, now)));
        now = MORNING.plusSeconds(3_600);
        assertEquals(1, ringWithoutBroker(tasks.subList(0, 1)).size(), "another planning is told anew");
    }

    @Test
    void whileOneTriesItNobodyElseDoesAndWhereThatOneDiesItIsTriedOnceMore() {
        Alarm posted = fire(true).get(0);
        Errand first = requireNonNull(take(posted).errand());
        assertNull(take(posted).errand());
        now = MORNING.plus(TakeTurn.LEASE);
        Errand second = requireNonNull(take(posted).errand());
        assertEquals(first.post(), second.post());
        assertEquals(2, second.tries());
        assertEquals(
                List.of(new Alarm("l1", LIST, Mailbox.MEMBERS, 0, now.plus(TakeTurn.LEASE))),
                found(),
                "the calendar leads to it");
    }

    @Test
    void aTryThatFailsIsFollowedByOthersUntilTheDayIsOverAndTheReasonIsShown() {
        Alarm email = aliceAt("email", alice(null, "reminders"));
        List<Duration> pauses = new ArrayList<>();
        while (true) {
            Errand errand = take(email).errand();
            if (errand == null) {
                break;
            }
            List<Alarm> again = finish(errand, NextStep.ofBinding("received status code 503"));
            email = again.stream()
                    .filter(alarm -> alarm.reminder().equals("email"))
                    .findFirst()
                    .orElseThrow();
            pauses.add(Duration.between(now, email.at()));
            assertEquals("scheduled", told().get("email"));
            now = email.at();
        }
        assertEquals(
                List.of(30L, 120L, 480L, 1_920L, 3_600L),
                pauses.stream().map(Duration::toSeconds).limit(5).toList());
        assertTrue(now.isAfter(MORNING.plus(Duration.ofHours(23))) && now.isBefore(MORNING.plus(Duration.ofHours(26))));
        assertEquals("failed", told().get("email"));
        JsonNode delivery = deliveries().path("email");
        assertEquals("the server answered 503", delivery.path("reason").asText());
        assertEquals("scheduled", told().get("webhook"), "the other channel goes its own way");
    }

    /** They go one by one. */
    @Test
    void whatWaitsBehindOneThatFailsWasNotTriedAndDoesNotSayThatItFailed() {
        Post first = Post.ofFiring("l1.7.a.1", "l1.7", false, MORNING, MORNING);
        Post second = Post.ofFiring("l1.8.a.1", "l1.8", false, MORNING, MORNING);
        Post third = Post.ofFiring("l1.9.a.1", "l1.9", false, MORNING, MORNING.plusSeconds(60));
        Mailbox box = Mailbox.empty("alice")
                .with("email", first, MORNING)
                .with("email", second, MORNING)
                .with("email", third, MORNING)
                .tried("email", 1, MORNING.plusSeconds(30), "the server answered 500");
        assertEquals("the server answered 500", reason(box, first));
        assertEquals("", reason(box, second));
        Mailbox nextDay = box.expired("email", MORNING.plus(Post.TRIED));
        assertEquals("the server answered 500", reason(nextDay, first));
        assertEquals("its time ran out", reason(nextDay, second));
        assertEquals("", reason(nextDay, third));
    }

    private static String reason(Mailbox box, Post post) {
        return requireNonNull(box.told().get(post.id())).at("/email/reason").asText();
    }

    @Test
    void thatATaskIsOverdueIsToldAtChannelsAloneAndHasTheirStatus() {
        Task task = Tasks.open(1);
        TaskReminders planned = requireNonNull(TaskReminders.after(null, task, false, DAY_BEFORE));
        Reminder overdue = planned.reminders().stream()
                .filter(Reminder::overdue)
                .findFirst()
                .orElseThrow();
        TaskReminders kept = planned.with(overdue.claimed("one", overdue.at()).delivered(overdue.at()));
        Post post = Post.ofFiring("l1.7.overdue.1", "l1.7", true, overdue.at(), overdue.at());
        Mailbox waits = Mailbox.empty("alice").with("webhook", post, overdue.at());
        assertEquals("scheduled", statusOf(kept, waits));
        assertEquals("failed", statusOf(kept, waits.over(post, "webhook", Stage.FAILED, "404", overdue.at())));
        assertEquals("delivered", statusOf(kept, waits.over(post, "webhook", Stage.DELIVERED, null, overdue.at())));
    }

    /** As its entry has it, by which it is found. */
    private static String statusOf(TaskReminders kept, Mailbox box) {
        List<String> found = Stream.of(Stage.SCHEDULED, Stage.DELIVERED, Stage.FAILED, Stage.CANCELLED)
                .flatMap(status -> Shown.entries(kept, Set.of("l1"), status, box.told()).stream())
                .map(entry -> entry.path("status").asText())
                .toList();
        assertEquals(1, found.size());
        assertEquals(
                found.get(0),
                Shown.entries(kept, Set.of("l1"), null, box.told())
                        .get(0)
                        .path("status")
                        .asText());
        return found.get(0);
    }

    @Test
    void inQuietHoursItWaitsForTheirEndAndThenHasADay() {
        // It is nine in Warsaw.
        Alarm email = aliceAt("email", alice("{\"from\":\"22:00\",\"to\":\"09:30\"}", "reminders"));
        assertEquals(MORNING.plus(Duration.ofMinutes(30)), email.at());
        assertNull(take(email).errand());
        now = email.at();
        Errand errand = requireNonNull(take(email).errand());
        assertEquals(now.plus(Post.TRIED), errand.post().until());
        NextStep.Wait longer = assertInstanceOf(
                NextStep.Wait.class,
                step(errand, alice("{\"from\":\"22:00\",\"to\":\"10:00\"}", "reminders")),
                "they may have been changed");
        assertEquals(MORNING.plus(Duration.ofHours(1)), longer.until());
        finish(errand, longer);
        now = longer.until();
        assertInstanceOf(
                NextStep.Send.class,
                step(
                        requireNonNull(take(email).errand()),
                        alice("{\"from\":\"22:00\",\"to\":\"10:00\"}", "reminders")));
    }

    @ParameterizedTest
    @EnumSource(Mishap.class)
    void onceQuietHoursAreOthersWhatWaitsForTheirEndIsLookedAtWhateverTheStoreAnswersOnce(Mishap mishap) {
        aliceAt("email", alice("{\"from\":\"22:00\",\"to\":\"20:00\"}", "reminders"));
        now = MORNING.plusSeconds(600);
        assertEquals(List.of(), found());
        dapr.next(mishap);
        List<Alarm> woken = wake("alice");
        assertEquals(
                List.of(new Alarm("alice", ALICE, "email", 0, now), new Alarm("alice", ALICE, "webhook", 0, now)),
                woken);
        assertEquals(woken, found(), "the calendar leads to it");
        Errand email = requireNonNull(take(woken.get(0)).errand());
        finish(
                email,
                assertInstanceOf(
                        NextStep.Wait.class,
                        step(email, alice("{\"from\":\"22:00\",\"to\":\"09:30\"}", "reminders")),
                        "they are shorter"));
        Errand hook = requireNonNull(take(woken.get(1)).errand());
        finish(hook, assertInstanceOf(NextStep.Send.class, step(hook, alice(null, "reminders")), "there are none"));
        assertEquals(Map.of("email", "scheduled", "webhook", "delivered"), told());
        assertEquals(
                MORNING.plusSeconds(1_800).toString(),
                deliveries().at("/email/at").asText());
    }

    @Test
    void aQueueThatFailedOrIsUnderWayKeepsItsTimeWhateverBecomesOfQuietHours() {
        Alarm email = aliceAt("email", alice(null, "reminders"));
        Errand errand = requireNonNull(take(email).errand());
        assertEquals(List.of(), wake("alice"), "it is under way");
        finish(errand, NextStep.ofBinding("received status code 503"));
        now = MORNING.plusSeconds(1);
        assertEquals(List.of(), wake("alice"));
        assertEquals(
                MORNING.plusSeconds(30).toString(), deliveries().at("/email/at").asText());
        assertEquals("the server answered 503", deliveries().at("/email/reason").asText());
    }

    @Test
    void whatComesOnceItIsNotQuietGoesAtItsTimeAndThoseBeforeIt() {
        Post first = Post.ofFiring("l1.7.a.1", "l1.7", false, MORNING, now);
        Post second = Post.ofFiring("l1.7.b.1", "l1.7", false, MORNING, now);
        Instant later = MORNING.plusSeconds(3_600);
        Mailbox waits = Mailbox.empty("alice").with("email", first, later);
        assertEquals(now, waits.with("email", second, now).alarms(ALICE).get(0).at());
        assertEquals(
                later,
                waits.with("email", second, later.plusSeconds(60))
                        .alarms(ALICE)
                        .get(0)
                        .at(),
                "the first is asked about then");
        assertEquals(
                later,
                waits.tried("email", 1, later, "the server answered 503")
                        .with("email", second, now)
                        .alarms(ALICE)
                        .get(0)
                        .at(),
                "it failed");
    }

    @Test
    void whereNothingWaitsNothingIsWritten() {
        assertEquals(List.of(), wake("alice"));
        assertTrue(!dapr.keys().contains(ALICE));
    }

    @Test
    void quietHoursThatEndAtManyTimesAreNotedBeforeMembersAreTold() {
        ObjectNode answer = alice(null, "reminders");
        ArrayNode users = (ArrayNode) answer.path("users");
        for (int i = 0; i < 150; i++) {
            ObjectNode member = users.addObject().put("user", "user" + i).put("timeZone", "Europe/Warsaw");
            member.putObject("quiet").put("from", "08:00").put("to", "%02d:%02d".formatted(10 + i / 60, i % 60));
            member.putObject("channels")
                    .putObject("email")
                    .put("address", "user@example.com")
                    .set("uses", Json.tree(List.of("reminders")));
        }
        Alarm list = fire(true).get(0);
        int turns = 0;
        for (Errand errand = take(list).errand();
                errand != null;
                errand = take(list).errand()) {
            finish(errand, step(errand, answer));
            turns++;
        }
        assertTrue(turns > 1, "one transaction takes a hundred pages");
        for (int i = 0; i < 150; i++) {
            assertEquals(
                    1,
                    dapr.read(ReminderKeys.postsOf("user" + i))
                            .tree()
                            .at("/queues/email/waiting")
                            .size());
        }
    }

    @Test
    void whatIsNotWantedAnyMoreIsNotTold() {
        Errand errand =
                requireNonNull(take(aliceAt("email", alice(null, "reminders"))).errand());
        assertInstanceOf(NextStep.Send.class, step(errand, alice(null, "reminders")));
        ObjectNode gone = alice(null, "reminders");
        gone.putNull("task");
        ObjectNode done = alice(null, "reminders");
        ((ObjectNode) done.path("task")).put("status", "completed");
        ObjectNode left = alice(null, "reminders");
        left.putArray("users");
        for (ObjectNode no : List.of(gone, done, left, alice(null, "overdue"))) {
            NextStep.Over over = assertInstanceOf(NextStep.Over.class, step(errand, no));
            assertEquals(Stage.CANCELLED, over.status());
            assertNotNull(over.reason());
        }
        Errand overdue = new Errand(
                ALICE,
                "alice",
                "email",
                new Post("l1.7.overdue.1", "l1.7", true, MORNING, now.plusSeconds(9), null),
                1);
        assertInstanceOf(NextStep.Over.class, step(overdue, alice(null, "overdue")), "its due was moved");
        ObjectNode late = alice(null, "overdue");
        ((ObjectNode) late.path("task")).put("overdue", true);
        assertEquals(
                "Overdue: Pay rent",
                assertInstanceOf(NextStep.Send.class, step(overdue, late))
                        .message()
                        .subject());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            error invoking output binding channel-x: received status code 404 | failed | the server answered 404
            received status code 429 | again | the server answered 429
            received status code 302 | again | the server answered 302
            received status code 500 | again | the server answered 500
            error from smtp binding, sending email failed: gomail: could not send email 1: 550 5.1.1 nobody | failed | the mail server answered 550
            error from smtp binding, sending email failed: gomail: could not send email 1: 451 later | again | the mail server answered 451
            error from smtp binding, sending email failed: dial tcp 10.0.0.1:25: connect: connection refused | again | the server could not be reached
            couldn't find output binding channel-email | again | the operator has not set up this channel
            Timeout on blocking read | again | the server could not be reached
            """)
    void whatABindingSaysIsToldWithoutTheOperatorsAddresses(String error, String then, String reason) {
        NextStep step = NextStep.ofBinding(error);
        assertEquals(reason, step.reason());
        assertEquals(then.equals("failed"), step instanceof NextStep.Over);
    }

    @Test
    void whatIsSentSaysWhatItIsAboutAndNothingThatNobodyAskedFor() {
        Errand errand = requireNonNull(
                take(aliceAt("webhook", alice(null, "reminders"))).errand());
        ObjectNode answer = alice(null, "reminders");
        ((ObjectNode) answer.path("task")).put("description", "the PIN is 1234");
        ChannelMessage message =
                assertInstanceOf(NextStep.Send.class, step(errand, answer)).message();
        assertEquals("channel-webhook.hooks.example.com", message.address().binding());
        assertEquals("/a?b=c", message.address().path());
        JsonNode hook = Json.read(message.content(), JsonNode.class);
        assertEquals(errand.post().id(), hook.path("id").asText());
        assertEquals(
                "Pay rent\nDue Sun 31 Jan 2027, 09:00 (Europe/Warsaw)",
                hook.path("text").asText());
        assertTrue(!message.content().contains("1234"));
    }

    @Test
    void whatComesAgainTakesThePlaceOfWhatStillWaits() {
        Post first = Post.ofFiring("l1.7.a.1", "l1.7", false, MORNING, now);
        Post other = Post.ofFiring("l1.7.b.1", "l1.7", false, MORNING, now);
        Post again = Post.ofFiring("l1.7.a.2", "l1.7", false, MORNING.plusSeconds(600), now);
        Instant later = MORNING.plusSeconds(3_600);
        Mailbox waits = Mailbox.empty("alice").with("email", first, later).with("email", other, later);
        Mailbox one = waits.with("email", again, later);
        assertEquals(List.of(other, again), one.queues().get("email").waiting());
        assertEquals("cancelled", one.told().get("l1.7.a.1").at("/email/status").asText());
        assertEquals(
                List.of(first, other, again),
                waits.tried("email", 1, later, null)
                        .with("email", again, later)
                        .queues()
                        .get("email")
                        .waiting(),
                "the first is on its way");
        assertEquals(one, one.with("email", first, later).with("email", again, later), "a repeat");
    }

    @Test
    void whatAMemberCompletedIsToldToOthersWhoWantItAndShownToThem() {
        ObjectNode answer = alice(null, "completed").put("members", 2);
        ((ObjectNode) answer.path("task")).put("status", "completed");
        Errand list = news(new Post.News("l1", 9, MORNING, "bob", "l1.7", null));
        assertEquals("{\"task\":\"l1.7\"}", list.getQuestion());
        List<Alarm> spread = finish(list, step(list, answer));
        Errand errand = requireNonNull(take(spread.stream()
                        .filter(alarm -> alarm.reminder().equals("webhook"))
                        .findFirst()
                        .orElseThrow())
                .errand());
        assertEquals("{\"task\":\"l1.7\",\"user\":\"alice\"}", errand.getQuestion());
        ChannelMessage message =
                assertInstanceOf(NextStep.Send.class, step(errand, answer)).message();
        JsonNode hook = Json.read(message.content(), JsonNode.class);
        assertEquals("completed", hook.path("type").asText());
        assertEquals("bob", hook.path("actor").asText());
        assertEquals("Completed: Pay rent\nBy bob", hook.path("text").asText());
        finish(errand, NextStep.ofBinding("received status code 404"));
        JsonNode shown = shown();
        assertEquals("l1.9.completed", shown.path("id").asText());
        assertEquals("completed", shown.path("kind").asText());
        assertEquals("scheduled", shown.path("status").asText(), "the mail is still to come");
        assertEquals(
                "the server answered 404",
                shown.at("/deliveries/webhook/reason").asText());
        assertInstanceOf(NextStep.Over.class, step(errand, alice(null, "completed")), "it was opened again");
    }

    @Test
    void noneIsToldWhatTheyDidAndOfAListOfOneThatIsRemembered() {
        ObjectNode answer = alice(null, "completed").put("members", 1);
        ((ObjectNode) answer.path("task")).put("status", "completed");
        Errand list = news(new Post.News("l1", 9, MORNING, "alice", "l1.7", null));
        finish(list, step(list, answer));
        assertTrue(!dapr.keys().contains(ALICE));
        assertTrue(dapr.read(LIST).as(Mailbox.class).alone());
    }

    @Test
    void whoGetsAListIsToldByWhomAndWhich() {
        ObjectNode answer = alice(null, "shared").put("members", 2);
        answer.putNull("task").putObject("list").put("id", "l1").put("name", "Groceries");
        Errand list = news(new Post.News("l1", 9, MORNING, "bob", null, "alice"));
        List<Alarm> spread = finish(list, step(list, answer));
        Errand errand = requireNonNull(take(spread.get(spread.size() - 1)).errand());
        assertEquals("{\"list\":\"l1\",\"user\":\"alice\"}", errand.getQuestion());
        ChannelMessage message =
                assertInstanceOf(NextStep.Send.class, step(errand, answer)).message();
        assertEquals("bob shared “Groceries” with you", message.subject());
        ObjectNode gone = alice(null, "shared");
        gone.putNull("task");
        assertInstanceOf(NextStep.Over.class, step(errand, gone));
        assertInstanceOf(NextStep.Over.class, step(errand, answer.deepCopy().set("users", Json.array())), "left");
    }

    /** Posts the news in the list's mailbox, and takes the errand whose turn it is. */
    private Errand news(Post.News news) {
        dapr.commit(new Transaction().create(LIST, Mailbox.empty("l1").with(Mailbox.MEMBERS, Post.of(news, now), now)));
        return requireNonNull(
                take(new Alarm("l1", LIST, Mailbox.MEMBERS, 0, now)).errand());
    }

    private JsonNode shown() {
        return decide(dapr, FindReminders.ofLists("{\"user\":\"alice\",\"lists\":[\"l1\"],\"status\":\"scheduled\"}"))
                .answer()
                .path("reminders")
                .valueStream()
                .filter(entry -> entry.has("kind"))
                .findFirst()
                .orElseThrow();
    }

    // ---------------------------------------------------------------- The steps of the routes

    private void plan(TaskReminders plan) {
        String key = ReminderKeys.reminders(plan.task().id());
        dapr.commit(new Transaction().replace(dapr.read(key), plan));
    }

    private TaskReminders planOf(Task task) {
        return dapr.read(ReminderKeys.reminders(task.id())).as(TaskReminders.class);
    }

    /** The reminders of these tasks ring, and members of their list have channels; the broker does not take them. */
    private List<Alarm> ringWithoutBroker(List<Task> tasks) {
        List<Alarm> rung = tasks.stream()
                .flatMap(task -> planOf(task).alarms().stream())
                .filter(alarm -> !alarm.reminder().equals(Wish.OVERDUE))
                .toList();
        List<Firing> ended = decide(dapr, new ClaimDue(rung, "one", now)).answer().ours().stream()
                .map(firing -> firing.posted(true).postponed())
                .toList();
        assertEquals(tasks.size(), ended.size());
        return decide(dapr, new RecordOutcomes(ended, now)).answer().posts();
    }

    private List<Alarm> fire(boolean posted) {
        Alarm alarm = dapr.read(ReminderKeys.reminders(TASK.id())).as(TaskReminders.class).alarms().stream()
                .filter(it -> !it.reminder().equals(Wish.OVERDUE))
                .findFirst()
                .orElseThrow();
        List<Firing> claimed =
                decide(dapr, new ClaimDue(List.of(alarm), "one", now)).answer().ours();
        List<Firing> ended = Deliver.delivered(
                claimed.stream().map(firing -> firing.posted(posted)).toList(), Set.of(), now);
        if (whileRecorded != null) {
            dapr.next(whileRecorded);
        }
        return decide(dapr, new RecordOutcomes(ended, now)).answer().posts();
    }

    private TakeTurn.Taken take(Alarm alarm) {
        return decide(dapr, new TakeTurn(alarm, now)).answer();
    }

    private List<Alarm> finish(Errand errand, NextStep step) {
        return decide(dapr, new FinishTurn(errand, step, now)).answer();
    }

    private List<Alarm> wake(String user) {
        return decide(dapr, new WakeUser(user, now)).answer();
    }

    private NextStep step(Errand errand, JsonNode answer) {
        return NextStep.of(errand, answer.toString(), now);
    }

    /** It has come to a channel of alice. */
    private Alarm aliceAt(String channel, JsonNode answer) {
        Errand list = requireNonNull(take(fire(true).get(0)).errand());
        return finish(list, step(list, answer)).stream()
                .filter(alarm -> alarm.reminder().equals(channel))
                .findFirst()
                .orElseThrow();
    }

    private List<Alarm> found() {
        long minute = Slot.minute(now);
        return decide(dapr, LookAtCalendar.of(minute, minute + 5, now.plusSeconds(300), now)).answer().alarms().stream()
                .filter(Alarm::isForPosts)
                .toList();
    }

    private JsonNode deliveries() {
        return decide(dapr, FindReminders.ofLists("{\"user\":\"alice\",\"lists\":[\"l1\"],\"task\":\"l1.7\"}"))
                .answer()
                .at("/reminders/0/deliveries");
    }

    /** The status of the delivery at each channel of alice. */
    private Map<String, String> told() {
        Map<String, String> told = new java.util.TreeMap<>();
        deliveries()
                .properties()
                .forEach(one ->
                        told.put(one.getKey(), one.getValue().path("status").asText()));
        told.remove(Reminder.LIVE);
        return told;
    }

    /** As <em>task</em> answers. */
    private static ObjectNode alice(@Nullable String quiet, String... uses) {
        ObjectNode answer = Json.object().set("task", Json.tree(TASK));
        ArrayNode users = answer.putArray("users");
        ObjectNode alice = users.addObject().put("user", "alice").put("timeZone", "Europe/Warsaw");
        alice.set("quiet", quiet == null ? null : Json.read(quiet, JsonNode.class));
        ObjectNode channels = alice.putObject("channels");
        channels.putObject("email").put("address", "alice@example.com").set("uses", Json.tree(uses));
        channels.putObject("webhook")
                .put("address", "https://hooks.example.com/a?b=c")
                .set("uses", Json.tree(uses));
        return answer;
    }
}
