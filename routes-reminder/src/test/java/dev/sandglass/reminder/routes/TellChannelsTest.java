package dev.sandglass.reminder.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import dev.sandglass.events.Topics;
import dev.sandglass.reminder.domain.Tasks;
import dev.sandglass.support.routes.CallsService;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The service tells users beside the feed, as Dapr sees it: by bindings that take it, refuse it, hang, and a store that fails. */
@QuarkusTest
@Tag("FR-003")
class TellChannelsTest extends CallsService {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String EMAIL = "channel-email";
    private static final String HOOK = "channel-webhook.hooks.example.com";
    private static int lists;

    @Inject
    ReminderSidecar dapr;

    private final String list = "told" + ++lists;
    private final String alice = "alice" + lists;
    private long seq;

    @BeforeEach
    void quiet() {
        healed();
        dapr.calls.clear();
        dapr.sent.clear();
    }

    @AfterEach
    void healed() {
        dapr.taskAway = false;
        dapr.storeAwayOncePublished = false;
        dapr.fail(0);
        dapr.brokerAway(false);
        dapr.told.clear();
        dapr.recipients.clear();
        dapr.refusals.clear();
        dapr.hanging.values().forEach(CountDownLatch::countDown);
        dapr.hanging.clear();
        dapr.keys().stream()
                .filter(key -> key.matches("(reminder|due|posts)/.*"))
                .forEach(key -> dapr.tamper(key, null));
    }

    @Test
    void whoHasNoChannelsCostsNoCall() throws Exception {
        String task = due("a");
        await(
                "it is delivered",
                () -> "delivered".equals(delivery(task, "live").path("status").asText()));
        Thread.sleep(500);
        assertTrue(dapr.calls.stream().noneMatch(call -> call.contains("recipients")));
        assertTrue(dapr.keys().stream().noneMatch(key -> key.matches("posts/.*/(" + list + "|" + alice + ")")));
        assertEquals(List.of(), dapr.sent);
    }

    @Test
    void itIsToldAtEachChannelAndShownToWhoseTheyAreAlone() throws Exception {
        wants(alice, null);
        String task = due("a");
        await("both are told", () -> sent(EMAIL) == 1 && sent(HOOK) == 1);
        await(
                "it is written down",
                () -> delivery(task, "email").path("status").asText().equals("delivered")
                        && delivery(task, "webhook").path("status").asText().equals("delivered"));
        String mail = dapr.sent.stream()
                .filter(one -> one.startsWith(EMAIL))
                .findFirst()
                .orElseThrow();
        assertTrue(mail.contains("emailTo=alice@example.com, subject=Pay rent &}"), mail);
        assertTrue(mail.contains("Pay rent &amp;"), "a mail is HTML: " + mail);
        String hook = dapr.sent.stream()
                .filter(one -> one.startsWith(HOOK))
                .findFirst()
                .orElseThrow();
        assertTrue(hook.contains("X-Sandglass-Delivery=" + task + "."), hook);
        assertTrue(hook.contains("path=/a"), hook);
        assertEquals("delivered", delivery(task, "live").path("status").asText());
        JsonNode others = ask("internal/reminders", "{\"user\":\"bob\",\"lists\":[\"" + list + "\"]}");
        assertEquals(1, others.at("/reminders/0/deliveries").size(), "the feed alone");
    }

    @Test
    void aChannelThatHangsHoldsUpNeitherTheFeedNorAnotherNorAnotherUser() throws Exception {
        dapr.hanging.put(HOOK, new CountDownLatch(1));
        wants(alice, null);
        wants(alice + "b", null);
        String first = due("a");
        await("both mails are out", () -> sent(EMAIL) == 2);
        String second = due("b");
        await("those of the next reminder, too", () -> sent(EMAIL) == 4);
        assertTrue(told(first) && told(second), "and the feed");
        assertEquals(0, sent(HOOK));
        dapr.hanging.get(HOOK).countDown();
        // On a slow machine the call was given up by then, and is made again half a minute later.
        await("all are out", Duration.ofSeconds(90), () -> sent(HOOK) == 4);
    }

    @Test
    void theReasonIsShownWhereItFailedAndWhereItIsTriedAgain() throws Exception {
        dapr.refusals.put(HOOK, "received status code 410");
        dapr.refusals.put(EMAIL, "error from smtp binding, sending email failed: dial tcp: connection refused");
        wants(alice, null);
        String task = due("a");
        await(
                "it has failed",
                () -> delivery(task, "webhook").path("status").asText().equals("failed"));
        assertEquals(
                "the server answered 410",
                delivery(task, "webhook").path("reason").asText());
        await("it is tried again", () -> delivery(task, "email").has("reason"));
        assertEquals("scheduled", delivery(task, "email").path("status").asText());
        assertEquals(
                "the server could not be reached",
                delivery(task, "email").path("reason").asText());
        assertEquals("delivered", delivery(task, "live").path("status").asText());
    }

    @Test
    void withTaskAwayWhoIsToBeToldIsFoundOnceItIsBack() throws Exception {
        wants(alice, null);
        String task = planned("a");
        dapr.taskAway = true;
        await("the feed has it", () -> told(task));
        Thread.sleep(1_000);
        assertEquals(0, dapr.sent.size());
        dapr.taskAway = false;
        await("the channels have it", () -> sent(EMAIL) == 1 && sent(HOOK) == 1);
    }

    @Test
    void withTheBrokerAwayTheChannelsHaveItBeforeTheFeed() throws Exception {
        wants(alice, null);
        String task = planned("a");
        dapr.brokerAway(true);
        await("the channels have it", () -> sent(EMAIL) == 1 && sent(HOOK) == 1);
        dapr.brokerAway(false);
        await("the feed has it", () -> told(task));
        Thread.sleep(1_000);
        assertEquals(2, dapr.sent.size());
    }

    @Test
    void withAStoreThatFailsNoneIsLost() throws Exception {
        wants(alice, null);
        for (int i = 0; i < 5; i++) {
            planned("t" + i);
        }
        dapr.fail(0.2);
        Thread.sleep(4_000);
        dapr.fail(0);
        for (int i = 0; i < 5; i++) {
            String task = list + ".t" + i;
            await(
                    task + " is told",
                    Duration.ofSeconds(100),
                    () -> delivery(task, "email").path("status").asText().equals("delivered")
                            && delivery(task, "webhook").path("status").asText().equals("delivered"));
        }
    }

    @Test
    void whatCouldNotBeWrittenDownForLongIsPostedForADayFromThenOn() throws Exception {
        wants(alice, null);
        dapr.storeAwayOncePublished = true;
        String task = planned("a");
        await("the feed has it", () -> told(task));
        dapr.taskAway = true;
        Instant back = storeComesBack();
        String mailbox = "posts/list/" + list;
        await("it is posted", () -> dapr.keys().contains(mailbox));
        Instant until = Instant.parse(
                dapr.read(mailbox).tree().at("/queues/members/waiting/0/until").asText());
        assertTrue(until.isAfter(back.plus(Duration.ofDays(1)).minusSeconds(3)), until + ", back at " + back);
    }

    @Test
    void whatCouldNotBeWrittenDownForLongIsTriedAgainAPauseFromThenOn() throws Exception {
        dapr.hanging.put(EMAIL, new CountDownLatch(1));
        dapr.refusals.put(EMAIL, "received status code 503");
        wants(alice, null);
        String task = due("a");
        await(
                "the other has it",
                () -> delivery(task, "webhook").path("status").asText().equals("delivered"));
        dapr.fail(1);
        dapr.hanging.get(EMAIL).countDown();
        Instant back = storeComesBack();
        await("it is written down", () -> delivery(task, "email").has("reason"));
        Instant again = Instant.parse(delivery(task, "email").path("at").asText());
        assertTrue(again.isAfter(back.plusSeconds(27)), again + ", back at " + back);
    }

    /** A try that is under way then began two seconds before, at most. */
    private Instant storeComesBack() throws InterruptedException {
        Thread.sleep(6_000);
        dapr.storeAwayOncePublished = false;
        dapr.fail(0);
        return Instant.now();
    }

    @Test
    void inQuietHoursItWaitsAndSaysSo() throws Exception {
        wants(alice, "{\"from\":\"00:00\",\"to\":\"23:59\"}");
        String task = due("a");
        await("it waits", () -> delivery(task, "email").path("status").asText().equals("scheduled"));
        assertTrue(told(task));
        Thread.sleep(500);
        assertEquals(List.of(), dapr.sent);
    }

    @Test
    void onceQuietHoursAreTakenAwayWhatWaitsGoesAndWhatComesGoesAtItsTime() throws Exception {
        waitsForQuietHoursThatAreTakenAway();
        assertEquals(0, ask("internal/wake", "{\"user\":\"" + alice + "\"}").size());
        await("it is told", () -> sent(EMAIL) == 1 && sent(HOOK) == 1);
        due("b");
        await("and the next", () -> sent(EMAIL) == 2 && sent(HOOK) == 2);
    }

    @Test
    void whatComesTakesAlongWhatWaitsForQuietHoursOfWhichNobodySaidThatTheyAreGone() throws Exception {
        waitsForQuietHoursThatAreTakenAway();
        due("b");
        await("both are told", () -> sent(EMAIL) == 2 && sent(HOOK) == 2);
    }

    private void waitsForQuietHoursThatAreTakenAway() throws Exception {
        wants(alice, "{\"from\":\"00:00\",\"to\":\"23:59\"}");
        String task = due("a");
        await(
                "it waits",
                () -> delivery(task, "webhook").path("status").asText().equals("scheduled"));
        wants(alice, null);
    }

    @Test
    void whatOthersDidIsToldToWhoWantsItThereAndShownToThem() throws Exception {
        String bob = "bob" + lists;
        wants(bob, null, "completed", "shared");
        wants(alice, null, "completed");
        String task = list + ".a";
        Task done = Tasks.as(Tasks.in(Tasks.status(Tasks.open(1), 2, Status.COMPLETED), 2, list), task);
        dapr.tasks.put(task, Json.tree(done));
        TreeMap<String, List<JsonNode>> member = new TreeMap<>();
        member.put("members/" + bob, List.of(Json.tree(null), Json.tree("editor")));
        hear(ChangeType.LIST_SHARED, member, null);
        hear(ChangeType.TASK_COMPLETED, new TreeMap<>(), done);
        await("bob is told both, and alice neither", () -> sent(EMAIL) == 2 && sent(HOOK) == 2);
        Thread.sleep(500);
        assertEquals(4, dapr.sent.size(), dapr.sent::toString);
        String all = String.join("\n", dapr.sent);
        assertTrue(all.contains("subject=" + alice + " shared “Groceries” with you"), all);
        assertTrue(all.contains("subject=Completed: Pay rent"), all);
        assertTrue(all.contains("X-Sandglass-Delivery=" + list + ".2.completed"), all);
        String question = "{\"user\":\"%s\",\"lists\":[\"" + list + "\"]}";
        await(
                "it is written down",
                () -> ask("internal/reminders", question.formatted(bob))
                        .path("reminders")
                        .findValuesAsText("status")
                        .equals(List.of("delivered", "delivered", "delivered", "delivered", "delivered", "delivered")));
        JsonNode shown = ask("internal/reminders", question.formatted(bob)).path("reminders");
        assertEquals(List.of("shared", "completed"), shown.findValuesAsText("kind"));
        assertEquals(
                0,
                ask("internal/reminders", question.formatted(alice))
                        .path("reminders")
                        .size());
    }

    @Test
    void aCodeIsSentAndWhyItIsNotIsSaid() throws Exception {
        assertEquals(
                List.of(EMAIL, HOOK),
                Json.read(ask("internal/channels", "{}").path("bindings").toString(), List.class));
        String order = "{\"channel\":\"email\",\"address\":\"alice@example.com\",\"code\":\"K7QX-2M9D-HWR4\"}";
        assertEquals(0, ask("internal/channels/code", order).size());
        assertTrue(dapr.sent.get(0).contains("K7QX-2M9D-HWR4"), dapr.sent.get(0));
        dapr.refusals.put(EMAIL, "error from smtp binding, sending email failed: x: 550 no such user");
        assertEquals(
                "the mail server answered 550",
                ask("internal/channels/code", order).path("reason").asText());
    }

    // ----------------------------------------------------------------

    /** A user who has mail and a webhook. */
    private void wants(String user, String quiet) {
        wants(user, quiet, "reminders");
    }

    private void wants(String user, String quiet, String... uses) {
        dapr.told.add(list);
        ObjectNode recipient = Json.object().put("user", user).put("timeZone", "UTC");
        recipient.set("quiet", quiet == null ? null : Json.read(quiet, JsonNode.class));
        ObjectNode channels = recipient.putObject("channels");
        channels.putObject("email").put("address", "alice@example.com").set("uses", Json.tree(uses));
        channels.putObject("webhook")
                .put("address", "https://hooks.example.com/a")
                .set("uses", Json.tree(uses));
        dapr.recipients.put(user, recipient);
    }

    private long sent(String binding) {
        return dapr.sent.stream().filter(one -> one.startsWith(binding + " ")).count();
    }

    /** The feed has it. */
    private boolean told(String task) {
        return dapr.published(Topics.REMINDERS).stream()
                .anyMatch(event -> event.type().equals("reminder.due") && task.equals(event.subject()));
    }

    private JsonNode delivery(String task, String channel) {
        return ask(
                        "internal/reminders",
                        "{\"user\":\"" + alice + "\",\"lists\":[\"" + list + "\"],\"task\":\"" + task + "\"}")
                .at("/reminders/0/deliveries/" + channel);
    }

    /** A task with a reminder that has fired. */
    private String due(String id) throws Exception {
        String task = planned(id);
        await("it is due", () -> told(task));
        return task;
    }

    /** A task with a reminder in a second. */
    private String planned(String id) throws Exception {
        Instant at = Instant.now().plusSeconds(1);
        Task task = Tasks.as(Tasks.in(Tasks.without(Tasks.open(1, at.toString()), 1), 1, list), list + "." + id);
        ObjectNode named = Json.<ObjectNode>tree(task).put("title", "Pay rent &");
        dapr.tasks.put(task.id(), named);
        hear(ChangeType.TASK_CREATED, new TreeMap<>(), Json.read(named.toString(), Task.class));
        return task.id();
    }

    /** An event of alice's change. */
    private void hear(ChangeType type, TreeMap<String, List<JsonNode>> told, Task task) {
        JsonNode change =
                Json.tree(new Change(type, list, ++seq, Instant.now(), alice, told, task, null, null, "", ""));
        dapr.ledger.computeIfAbsent(list, any -> Json.array()).add(change);
        ObjectNode bulk = Json.object().put("id", "b").put("topic", "task-events");
        ObjectNode event = Json.object()
                .put("specversion", "1.0")
                .put("id", list + "/" + seq)
                .put("source", "sandglass/task")
                .put("type", type.toString());
        event.set("data", change);
        bulk.putArray("entries").addObject().put("entryId", "1").set("event", event);
        String answer = post("events/task-events", bulk.toString()).body();
        assertTrue(answer.contains("SUCCESS"), answer);
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        await(what, SOON, condition);
    }

    private static void await(String what, Duration patience, Callable<Boolean> condition) throws Exception {
        Instant end = Instant.now().plus(patience);
        while (!condition.call()) {
            assertTrue(Instant.now().isBefore(end), () -> "not in time: " + what);
            Thread.sleep(20);
        }
    }
}
