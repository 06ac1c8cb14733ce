package dev.sandglass.task.domain;

import static dev.sandglass.task.domain.World.ALICE;
import static dev.sandglass.task.domain.World.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Erased;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.QueueCursor;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.Erasures.At;
import dev.sandglass.task.domain.UndoTest.Ticking;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A person asks that all of theirs goes, and it does, whatever dies meanwhile; what is others' stays. */
class ErasingTest {
    private static final Instant ASKED = Instant.parse("2040-01-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

    private final MemoryDapr dapr = new MemoryDapr(1);
    private final World world = new World(new TestLedger(dapr, new Ticking(), ZoneId.of("UTC")));
    private final String own = world.list("Diary of alice's");
    private final String shared = world.list("Shared by alice");
    private final Followers followers = new Followers();
    private Instant now = LATER;

    /** What audit keeps, as the changes that it followed, and the tasks that reminder was asked about. */
    private final class Followers {
        private final Map<String, TreeMap<Long, JsonNode>> kept = new HashMap<>();
        private final List<JsonNode> asked = new ArrayList<>();
        private boolean away;

        String followed(String list) {
            Head head = head(list);
            TreeMap<Long, JsonNode> entries = kept.computeIfAbsent(list, any -> new TreeMap<>());
            world.ledger
                    .decide(documents ->
                            Accepted.unchanged(Changes.after(documents, head, head.first() - 1, Changes.LARGEST)
                                    .map(text -> Json.read(text, JsonNode.class))
                                    .toList()))
                    .forEach(change -> entries.putIfAbsent(change.path("seq").asLong(), change));
            // What is to be published was.
            dapr.tamper(Keys.pending(Keys.shard(list)), Json.text(Pending.none().with(list, head.seq())));
            return Json.object().put(list, away ? 0 : head.seq()).toString();
        }

        String erase(String request) {
            JsonNode order = Json.read(request, JsonNode.class);
            String person = order.path("user").asText();
            TreeMap<Long, JsonNode> entries = kept.get(order.path("list").asText());
            long after = order.path("after").asLong();
            long last = Math.min(order.path("upTo").asLong(), after + 3);
            long named = 0;
            for (long seq = after + 1; seq <= last; seq++) {
                JsonNode entry = Objects.requireNonNull(entries.get(seq), "entry " + seq);
                named += Erased.names(entry, person) ? 1 : 0;
                if (order.path("by").asLong() > 0) {
                    boolean all = order.path("all").asBoolean();
                    if (all || Erased.names(entry, person)) {
                        entries.put(seq, Erased.without(entry, person, all));
                    }
                }
            }
            return Json.object().put("after", last).put("entries", named).toString();
        }

        @Override
        public String toString() {
            return kept.toString();
        }
    }

    private Head head(String list) {
        return world.ledger.decide(
                documents -> Accepted.unchanged(Head.of(documents, list).orElseThrow()));
    }

    // ---------------------------------------------------------------- The steps of the routes

    private static Request by(String user) {
        return new Request(user, java.util.Set.of(), null, null, ASKED);
    }

    private void ask(String user) {
        world.ledger.decide(EraseUser.ask(by(user), Json.object().put("confirm", user)));
    }

    private void goOn() {
        world.ledger.decide(Erasing.all()).forEach(on -> {
            while (on.isOpen()) {
                step(on);
            }
        });
    }

    private void over(Erasing on) {
        Erasing.kept(on, world.ledger.decide(Erasing.over(on)));
    }

    private void head(Erasing on) {
        Erasing.saw(on, world.ledger.decide(Erasing.head(on)));
    }

    private String list(Erasing on) {
        return Json.read(on.lists(), JsonNode.class).at("/lists/0").asText();
    }

    private void step(Erasing on) {
        switch (on.step()) {
            case "NEXT" -> {
                Optional<String> next = world.ledger.decide(Erasing.nextList(on));
                if (next.isPresent()) {
                    Erasing.begun(on, next, world.ledger.decide(Erasing.begin(on, next)));
                } else {
                    followers.asked.add(Json.read(on.question(), JsonNode.class));
                    Erasing.finished(on, world.ledger.decide(Erasing.finish(on, LATER)));
                }
            }
            case "LEAVE" -> Erasing.moved(on, world.ledger.<Optional<At>>write(Erasing.leave(on)));
            case "AWAIT_ALL", "AWAIT_TASKS", "AWAIT" -> {
                head(on);
                String followed = followers.followed(list(on));
                if (Erasing.isFollowed(on, followed, followed)) {
                    over(on);
                } else {
                    Erasing.waits(on);
                }
            }
            case "REMINDERS" -> {
                head(on);
                while (on.isAmongTasks()) {
                    List<String> ids = world.ledger.decide(Erasing.ids(on));
                    followers.asked.add(Json.read(Erasing.reminders(on, ids), JsonNode.class));
                    Erasing.passed(on);
                }
                followers.asked.add(Json.read(on.remindersOfList(), JsonNode.class));
                over(on);
            }
            case "TASKS" -> {
                head(on);
                while (on.isAmongTasks()) {
                    Erasing.reached(on, world.ledger.write(Erasing.tasks(on)));
                }
                over(on);
            }
            case "COUNT", "ENTRIES" -> {
                while (on.isAmongEntries()) {
                    Erasing.sawEntries(on, followers.erase(Erasing.entries(on)));
                }
                over(on);
            }
            case "ANNOUNCE" -> Erasing.moved(on, world.ledger.<Optional<At>>write(Erasing.announce(on)));
            case "TRIM" -> {
                followers.followed(list(on));
                while (on.isTrimming()) {
                    Erasing.trimmed(on, world.ledger.write(Erasing.trim(on, now)));
                }
                if (Erasing.isTrimmed(on, world.ledger.decide(Erasing.head(on)))) {
                    over(on);
                } else {
                    Erasing.waits(on);
                }
            }
            default -> throw new AssertionError(on.step());
        }
    }

    // ---------------------------------------------------------------- What there is

    private String task(String list, String title) {
        return world.create(Json.object().put("list", list).put("title", title))
                .path("id")
                .asText();
    }

    /** Lists of bob's that alice is in, with tasks of both. */
    private String bobs() {
        Request request = World.by(BOB, null);
        world.ledger.know(request);
        String list = world.ledger
                .write(new ChangeList(world.ledger.users)
                        .create(request, Json.object().put("name", "Flat")))
                .body()
                .path("id")
                .asText();
        world.ledger.write(new ChangeList(world.ledger.users)
                .share(World.by(BOB, null).about(list, ALICE), Json.object().put("role", "editor")));
        return list;
    }

    /** All that alice has: in the ledger, told to others, moved about, deleted. */
    private String everything() {
        String flat = bobs();
        for (int i = 0; i < 40; i++) {
            task(own, "private " + i);
        }
        world.share(shared, BOB);
        task(shared, "private too");
        String hers = task(flat, "buy milk");
        world.patch(BOB, hers, Json.object().put("title", "buy oat milk"));
        String deleted = task(flat, "deleted by bob");
        world.delete(BOB, deleted);
        String moved = task(own, "lent to the flat");
        world.patch(ALICE, moved, Json.object().put("list", flat));
        String elsewhere = task(flat, "taken home by bob");
        world.patch(BOB, elsewhere, Json.object().put("list", world.inbox(BOB)));
        String daily = world.create(flat);
        world.complete(ALICE, daily);
        world.deliver();
        Request request = World.by(ALICE, null);
        token("sg_secret");
        world.ledger.write(KeepLinks.make(request.about(flat), "a link of hers"));
        for (String list : List.of(own, shared)) {
            JsonNode webhook = Json.object().put("list", list).put("url", "https://hooks.example.com/alice");
            world.ledger.write(KeepWebhooks.make(
                    request, KeepWebhooks.New.of(webhook), List.of("channel-webhook.hooks.example.com"), false));
        }
        world.ledger.write(KeepFilters.add(
                request,
                Json.object().put("name", "f").put("filter", "title = x").put("sort", "")));
        return flat;
    }

    private void token(String secret) {
        Request request = World.by(ALICE, null);
        world.ledger.write(KeepTokens.make(
                request,
                world.ledger.know(request),
                Json.object().put("name", "t").set("scopes", Json.array().add("read")),
                secret));
    }

    private String store() {
        return dapr.keys().stream()
                .sorted()
                .map(key -> key + " = "
                        + dapr.read(List.of(key)).values().iterator().next().json())
                .collect(Collectors.joining("\n"));
    }

    private void assertGone(String flat) {
        String left = store();
        for (String line : left.split("\n")) {
            assertFalse(line.contains(ALICE), line);
            assertFalse(line.contains("private"), line);
            assertFalse(line.contains("Diary"), line);
            assertFalse(line.startsWith("webhook/"), line);
        }
        assertFalse(followers.toString().contains(ALICE), followers::toString);
        assertFalse(followers.toString().contains("private"), followers::toString);
        followers.kept.get(flat).values().stream()
                .filter(entry -> entry.path("actor").asText().equals(Erased.NAME))
                .flatMap(entry -> entry.path("changed").propertyStream())
                .forEach(field -> assertTrue(
                        field.getKey().equals(Erased.TOLD) || field.getKey().startsWith("members/"),
                        "what she did is there, and not what she said: " + field));
        assertTrue(followers.toString().contains("buy oat milk"), "what bob said is not");
        JsonNode his = tasksOf(BOB);
        List<String> titles = his.findValuesAsText("title");
        assertTrue(
                titles.containsAll(List.of("buy oat milk", "lent to the flat", "taken home by bob", "water plants")),
                titles::toString);
        assertFalse(his.findValuesAsText("createdBy").contains(ALICE));
        assertEquals("{bob=owner}", head(flat).members().toString().replace("OWNER", "owner"));
    }

    private JsonNode tasksOf(String who) {
        Answer answer = FindTasks.answer(world.ledger.find(World.by(who, null), Map.of("limit", "500")));
        return Json.read(answer.body().toString(), JsonNode.class).path("tasks");
    }

    // ---------------------------------------------------------------- What is promised

    @Test
    void allOfAPersonsGoesAndWhatIsOthersStays() {
        String flat = everything();
        ask(ALICE);
        goOn();
        assertGone(flat);
        JsonNode done = world.ledger.decide(EraseUser.all()).body();
        assertEquals(0, done.path("running").size());
        assertEquals(1, done.path("done").size());
        assertEquals(
                "lent to the flat",
                tasksOf(BOB).findValuesAsText("title").stream()
                        .filter(title -> title.startsWith("lent"))
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void theListTellsHowManyEntriesWereEmptied() {
        String flat = everything();
        followers.followed(flat);
        long named = followers.kept.get(flat).values().stream()
                .filter(entry -> Erased.names(entry, ALICE))
                .count();
        ask(ALICE);
        goOn();
        JsonNode told = followers.kept.get(flat).lastEntry().getValue();
        assertEquals(named, Erased.told(told.path("changed")), told::toString);
        assertEquals(Erased.NAME, told.path("actor").asText());
        JsonNode ownTold = followers.kept.get(own).lastEntry().getValue();
        assertEquals("list.deleted", ownTold.path("event").asText());
        assertEquals(ownTold.path("seq").asLong() - 1, Erased.told(ownTold.path("changed")));
    }

    @Test
    void whateverDiesMeanwhileAllOfItGoesAndIsToldOnce() {
        String flat = everything();
        ask(ALICE);
        Random random = new Random(7);
        int died = 0;
        for (int i = 0; i < 2_000 && running(); i++) {
            List<Erasing> all = world.ledger.decide(Erasing.all());
            int steps = 1 + random.nextInt(3);
            dapr.fail(0.1);
            try {
                for (int step = 0; step < steps && all.get(0).isOpen(); step++) {
                    step(all.get(0));
                }
            } catch (Unavailable | Rejection e) {
                died++;
            } finally {
                dapr.fail(0);
            }
        }
        assertTrue(died > 10, "died " + died + " times");
        assertGone(flat);
        assertEquals(
                1,
                followers.kept.get(flat).values().stream()
                        .filter(entry -> Erased.told(entry.path("changed")) > 0)
                        .count());
    }

    private boolean running() {
        return !world.ledger.decide(EraseUser.all()).body().path("running").isEmpty();
    }

    @Test
    void twoReplicasDoItTogether() {
        String flat = everything();
        ask(ALICE);
        for (int i = 0; i < 2_000 && running(); i++) {
            List<Erasing> one = world.ledger.decide(Erasing.all());
            List<Erasing> other = world.ledger.decide(Erasing.all());
            for (int step = 0; step < 5; step++) {
                for (Erasing on : List.of(one.get(0), other.get(0))) {
                    if (on.isOpen()) {
                        step(on);
                    }
                }
            }
        }
        assertGone(flat);
    }

    @Test
    void itWaitsForThoseWhoFollowTheLedger() {
        everything();
        ask(ALICE);
        followers.away = true;
        goOn();
        goOn();
        assertTrue(running(), "audit could bring back what it has not followed yet");
        followers.away = false;
        goOn();
        assertFalse(running());
    }

    @Test
    void whatWaitsForAWebhookOfAnotherGoesOnceItIsPosted() {
        String flat = everything();
        String webhook = webhookOfBobs(flat);
        long first = head(flat).seq() + 1;
        task(flat, "bread");
        now = ASKED.plus(Duration.ofHours(20));
        ask(ALICE);
        goOn();
        goOn();
        assertTrue(running());
        assertEquals(first, head(flat).first(), "what it got already is gone");
        assertEquals(
                List.of("task.created", "list.unshared"),
                world
                        .ledger
                        .decide(documents ->
                                Accepted.unchanged(Changes.after(documents, head(flat), first - 1, Changes.LARGEST)
                                        .map(text -> Json.read(text, JsonNode.class))
                                        .toList()))
                        .stream()
                        .map(change -> change.path("event").asText())
                        .limit(2)
                        .toList());
        posted(webhook, head(flat).seq());
        goOn();
        assertFalse(running());
        assertFalse(dapr.keys().contains(Keys.change(flat, first)));
    }

    @Test
    void aWebhookOfAnotherHoldsUpNoErasureWhileItIsStoppedAndNoneForMoreThanADay() {
        String flat = everything();
        String webhook = webhookOfBobs(flat);
        task(flat, "bread");
        ask(ALICE);
        world.ledger.write(KeepWebhooks.change(
                World.by(BOB, null).about(webhook), Json.object().put("active", false), List.of(), false));
        now = ASKED.plus(Duration.ofHours(1));
        goOn();
        assertFalse(running());

        String other = bobs();
        webhookOfBobs(other);
        task(other, "butter");
        ask(ALICE);
        now = ASKED.plus(Duration.ofHours(25));
        goOn();
        assertFalse(running());
    }

    /** Recurrence is away, or has the completion among its dead letters. */
    @Test
    void anOccurrenceThatDoesNotComeHoldsUpNoErasureForMoreThanADayAndComesOnItsDate() {
        String flat = everything();
        for (int i = 0; i < 3; i++) {
            world.complete(ALICE, world.create(flat));
        }
        ask(ALICE);
        now = ASKED.plus(Duration.ofHours(20));
        goOn();
        goOn();
        assertTrue(running());
        now = ASKED.plus(Duration.ofHours(25));
        goOn();
        assertFalse(running());
        assertEquals(
                // With the one that came before.
                Collections.nCopies(4, "2040-01-02T09:00:00"),
                world
                        .ledger
                        .find(World.by(BOB, null), Map.of("list", flat, "q", "water plants", "status", "open"))
                        .tasks()
                        .stream()
                        .map(task -> String.valueOf(task.due()))
                        .toList());
        assertTrue(head(flat).awaiting().isEmpty());
        // What comes then is a change like any other, which says its date.
        assertFalse(store().contains(ALICE));
        assertFalse(followers.toString().contains(ALICE));
    }

    private String webhookOfBobs(String list) {
        JsonNode wanted = Json.object().put("list", list).put("url", "https://hooks.example.com/bob");
        return world.ledger
                .write(KeepWebhooks.make(
                        World.by(BOB, null),
                        KeepWebhooks.New.of(wanted),
                        List.of("channel-webhook.hooks.example.com"),
                        false))
                .body()
                .path("id")
                .asText();
    }

    private void posted(String webhook, long upTo) {
        dapr.tamper(Keys.webhookCursor(webhook), Json.text(new QueueCursor(1, upTo + 1, List.of(), null, 0)));
    }

    @Test
    void whoIsSharedWithMeanwhileLeavesOnceMore() {
        String flat = everything();
        ask(ALICE);
        List<Erasing> all = world.ledger.decide(Erasing.all());
        for (int i = 0; i < 200 && head(flat).members().containsKey(ALICE); i++) {
            step(all.get(0));
        }
        world.ledger.write(new ChangeList(world.ledger.users)
                .share(World.by(BOB, null).about(flat, ALICE), Json.object().put("role", "viewer")));
        goOn();
        assertGone(flat);
    }

    @Test
    void meanwhileNothingIsMadeForThem() {
        everything();
        ask(ALICE);
        assertEquals(
                Reason.FORBIDDEN,
                assertThrows(Rejection.class, () -> world.ledger.know(World.by(ALICE, null)))
                        .reason());
        assertTrue(world.ledger
                .decide(EraseUser.shown(by(ALICE)))
                .body()
                .path("erasing")
                .asBoolean());
        assertFalse(dapr.keys().contains(Keys.token(KeepTokens.hash("sg_secret"))), "their programs are out at once");
        goOn();
        String inbox = world.inbox(ALICE);
        assertEquals(
                List.of(inbox),
                List.copyOf(world.ledger.know(World.by(ALICE, null)).lists()));
    }

    /** Another of her requests is written between what is read for it and its own write. */
    @Test
    void aTokenThatIsMadeAtThatMomentGoesToo() {
        everything();
        Decision<Answer> asked = EraseUser.ask(by(ALICE), Json.object().put("confirm", ALICE));
        AtomicBoolean made = new AtomicBoolean();
        world.ledger.decide(documents -> {
            documents.all(asked.keys());
            Accepted<Answer> accepted = asked.on(documents);
            if (made.compareAndSet(false, true)) {
                token("sg_meanwhile");
            }
            return accepted;
        });
        goOn();
        assertEquals(
                List.of(),
                dapr.keys().stream().filter(key -> key.startsWith("token")).toList());
    }

    @Test
    void itIsConfirmedAndIsOneHoweverOftenItIsAskedFor() {
        everything();
        String before = store();
        ObjectNode wrong = Json.object().put("confirm", "Alice");
        assertEquals(
                Reason.INVALID,
                assertThrows(Rejection.class, () -> world.ledger.decide(EraseUser.ask(by(ALICE), wrong)))
                        .reason());
        JsonNode shown = world.ledger.decide(EraseUser.shown(by(ALICE))).body();
        assertFalse(shown.path("erasing").asBoolean());
        assertEquals(4, shown.path("lists").size(), shown::toString);
        assertEquals(before, store(), "nothing is changed before");
        JsonNode confirmed = Json.object().put("confirm", ALICE);
        String id = world.ledger
                .decide(EraseUser.ask(by(ALICE), confirmed))
                .body()
                .path("id")
                .asText();
        assertEquals(
                id,
                world.ledger
                        .decide(EraseUser.ask(by(ALICE), confirmed))
                        .body()
                        .path("id")
                        .asText());
        goOn();
        assertEquals(
                Reason.NOT_FOUND,
                assertThrows(Rejection.class, () -> world.ledger.decide(EraseUser.ask(by(ALICE), confirmed)))
                        .reason());
    }

    @Test
    void aKeyIsForOneRequestAndItsAnswerIsGivenAgain() {
        everything();
        Request olga = new Request("olga", java.util.Set.of(), once("first"), null, LATER);
        JsonNode answer = world.ledger
                .decide(EraseUser.askFor(olga, Json.object().put("user", ALICE).put("confirm", ALICE)))
                .body();
        goOn();
        assertEquals(
                answer,
                world.ledger
                        .decide(EraseUser.askFor(
                                olga, Json.object().put("user", ALICE).put("confirm", ALICE)))
                        .body());
        Request other = new Request("olga", java.util.Set.of(), once("another body"), null, LATER);
        assertEquals(
                Reason.INVALID,
                assertThrows(
                                Rejection.class,
                                () -> world.ledger.decide(EraseUser.askFor(
                                        other, Json.object().put("user", BOB).put("confirm", BOB))))
                        .reason());
        assertFalse(running());
    }

    private static Once once(String body) {
        return Once.of("olga", "/api/ops/erasures", "key", body);
    }

    @Test
    void noUserIsCalledAsThoseWhoAreErased() {
        assertFalse(UserName.fits(Erased.NAME));
    }

    @Test
    void onePersonAfterTheOtherLeavesTheSameList() {
        String flat = everything();
        ask(ALICE);
        goOn();
        world.ledger.know(World.by(BOB, null));
        ask(BOB);
        goOn();
        for (Map.Entry<String, TreeMap<Long, JsonNode>> list : followers.kept.entrySet()) {
            assertFalse(list.toString().contains(BOB), list::toString);
        }
        Stored left = dapr.read(List.of(Keys.head(flat))).get(Keys.head(flat));
        assertFalse(left.json().contains(BOB), left::json);
    }
}
