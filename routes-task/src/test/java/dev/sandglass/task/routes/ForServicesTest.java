package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.InternalAnswers;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.ProblemDocuments;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.CompleteTask;
import dev.sandglass.task.domain.CreateTask;
import dev.sandglass.task.domain.ForServices;
import dev.sandglass.task.domain.KeepTokens;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.User;
import dev.sandglass.task.domain.Users;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The other services ask for lists. */
class ForServicesTest {
    private final MemoryDapr dapr = new MemoryDapr(1);
    private final Replica replica = new Replica(dapr).bind("problemDocuments", new ProblemDocuments());

    @BeforeEach
    void start() {
        replica.start(
                "answer-heads",
                "answer-some-heads",
                "answer-awaiting",
                "answer-lists-of",
                "answer-muted-by",
                "answer-tokens",
                "answer-tasks",
                "answer-recipients");
    }

    @AfterEach
    void stop() {
        replica.stop();
    }

    @Test
    void aUserWhoAsksForNothingButTheirListsHasAnInboxToo() {
        JsonNode first = listsOf("alice", "bob");
        assertEquals(2, first.size());
        assertEquals("Inbox", first.at("/0/name").asText());
        assertEquals(first, listsOf("alice", "bob"));
        JsonNode all = howFar(0, 0);
        assertEquals(2, all.path("heads").size());
        assertTrue(all.path("next").isMissingNode(), "it is one page");
    }

    /** Pages of all lists together are all, and what moved since is told without a look at the others. */
    @Test
    void howFarListsAreIsToldAPageAtATimeOrSinceATime() {
        for (int i = 0; i < 30; i++) {
            listsOf("user" + i);
        }
        Set<String> all = new HashSet<>();
        long at = 0;
        for (JsonNode from = Json.tree(0); !from.isMissingNode(); ) {
            JsonNode page = howFar(0, from.asInt());
            page.path("heads").fieldNames().forEachRemaining(list -> assertTrue(all.add(list), "once"));
            from = page.path("next");
            at = page.path("at").asLong();
        }
        assertEquals(30, all.size());
        String list = listsOf("user0").at("/0/id").asText();
        JsonNode moved = howFar(at, 0);
        assertTrue(moved.path("heads").has(list), "all of them may not be published yet");
    }

    /** A list that was damaged, or that a newer program wrote. */
    @Test
    void aListThatCannotBeReadIsLeftOutAndToldAndAllOthersAreAnswered() {
        String damaged = completed("alice");
        String newer = completed("bob");
        String change = completed("carol");
        String whole = completed("dora");
        dapr.tamper(Keys.head(damaged), "no head");
        dapr.tamper(Keys.head(newer), "{\"v\":99}");
        dapr.tamper(Keys.change(change, 3), "no change");
        JsonNode heads = Json.read(
                replica.camel
                        .createProducerTemplate()
                        .requestBodyAndHeaders(
                                "platform-http:/internal/heads/{since}/{from}",
                                null,
                                Map.of("since", "0", "from", "0"),
                                String.class),
                JsonNode.class);
        assertEquals(
                Set.of(change, whole),
                heads.path("heads").properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet()));
        assertEquals(2, replica.meters.counter("sandglass.lists.unreadable").count());
        assertTrue(heads.path("partial").asBoolean(), "its changes are asked for when it is whole again");
        JsonNode moved = howFar(Instant.now().getEpochSecond() - 60, 0);
        assertTrue(moved.path("heads").has(damaged), "it is told as far as it is published");
        assertFalse(moved.has("partial"));
        ForServices.Legible awaiting =
                replica.decide(ForServices.awaiting(Instant.now().plusSeconds(60)));
        assertEquals(
                List.of(whole),
                awaiting.answer()
                        .path("changes")
                        .valueStream()
                        .map(one -> one.path("list").asText())
                        .toList());
        assertEquals(
                Set.of(Keys.head(damaged), Keys.head(newer), Keys.change(change, 3)),
                awaiting.unreadable().keySet());
        ask("get", "/internal/awaiting", "");
        assertEquals(3, replica.meters.counter("sandglass.lists.unreadable").count());
    }

    /** Documents of a shard stand for many lists: where one is damaged, those of the others are told all the same. */
    @Test
    void aShardThatCannotBeReadIsLeftOutAndToldAndTheOthersAreAnswered() {
        List<String> users = IntStream.range(0, 6).mapToObj(i -> "user" + i).toList();
        Map<String, String> lists = new HashMap<>();
        users.forEach(user -> lists.put(user, completed(user)));
        String damaged = lists.get("user0");
        int shard = Keys.shard(damaged);
        Set<String> others = lists.values().stream()
                .filter(list -> Keys.shard(list) != shard)
                .collect(Collectors.toSet());
        Instant later = Instant.now().plusSeconds(60);
        long since = Instant.now().getEpochSecond() - 60;
        assertFalse(howFar(0, 0).has("partial"));
        dapr.tamper(Keys.lists(shard), "no count");
        assertEquals(others, lists(howFar(0, 0)));
        assertTrue(howFar(0, 0).has("partial"), "who asks comes back to it");
        assertFalse(howFar(since, 0).has("partial"));
        String moved = "moved/" + shard + "/" + since / 600;
        dapr.tamper(moved, "nothing");
        assertTrue(howFar(since, 0).has("partial"));
        dapr.tamper(moved, null);
        dapr.tamper(Keys.pending(shard), "{\"v\":99}");
        assertEquals(others, lists(howFar(since, 0)));
        assertTrue(howFar(since, 0).has("partial"));
        assertEquals(others, awaiting(later));
        dapr.tamper(Keys.awaiting(shard), "nobody");
        assertEquals(others, awaiting(later));
        assertEquals(
                Set.of(Keys.pending(shard), Keys.awaiting(shard)),
                replica.decide(ForServices.awaiting(later)).unreadable().keySet());
    }

    private static Set<String> lists(JsonNode howFar) {
        return howFar.path("heads").properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private Set<String> awaiting(Instant now) {
        return replica.decide(ForServices.awaiting(now))
                .answer()
                .path("changes")
                .valueStream()
                .map(one -> one.path("list").asText())
                .collect(Collectors.toSet());
    }

    @Test
    void ofListsThatAreAskedForOneThatCannotBeReadIsNamedAndTheOthersAreAnswered() {
        String damaged = completed("alice");
        String whole = completed("bob");
        String question = "{\"lists\":[\"" + damaged + "\",\"" + whole + "\",\"none\"]}";
        assertFalse(ask("post", "/internal/heads", question).has("unreadable"));
        dapr.tamper(Keys.head(damaged), "no head");
        JsonNode answer = ask("post", "/internal/heads", question);
        assertEquals(whole, answer.at("/lists/0/id").asText());
        assertEquals(1, answer.path("lists").size());
        assertEquals("[\"" + damaged + "\"]", answer.path("unreadable").toString());
        assertEquals(1, replica.meters.counter("sandglass.lists.unreadable").count());
    }

    /** @return the Inbox of a user, which awaits an occurrence */
    private String completed(String user) {
        String list = listsOf(user).at("/0/id").asText();
        JsonNode task = replica.<Answer>write(new CreateTask(new Users(ZoneOffset.UTC))
                        .create(
                                as(user),
                                null,
                                Json.object()
                                        .put("title", "a")
                                        .put("list", list)
                                        .put("due", "2040-01-01")
                                        .put("recurrence", "daily")))
                .body();
        replica.<Answer>send(
                "direct:ledger.change-where-it-is",
                CompleteTask.complete(as(user).about(task.path("id").asText())),
                Map.of());
        return list;
    }

    @Test
    void whoHasMutedWhatIsToldOfThoseWhoHave() {
        String list = listsOf("alice").at("/0/id").asText();
        listsOf("bob");
        ObjectNode mute = Json.object().set("muted", Json.tree(List.of(list)));
        replica.write(
                new Users(ZoneOffset.UTC).change(new Request("alice", Set.of(), null, null, Instant.now()), mute));
        JsonNode muted = ask("post", "/internal/users/muted", "{\"users\":[\"alice\",\"bob\",\"nobody\"]}");
        assertEquals(Json.tree(Map.of("muted", Map.of("alice", List.of(list)))), muted);
    }

    @Test
    void ofPersonalTokensThoseAreToldThatAreGood() {
        Request alice = new Request("alice", Set.of(), null, null, Instant.now());
        String list = listsOf("alice").at("/0/id").asText();
        User user = replica.decide(new Users(ZoneOffset.UTC).find(alice));
        ObjectNode wanted = Json.object().put("name", "a");
        wanted.putArray("scopes").add("read");
        replica.write(KeepTokens.make(alice, user, wanted, "sg_good"));
        wanted.put("expires", alice.at().plusSeconds(2).toString());
        replica.write(KeepTokens.make(alice, user, wanted, "sg_short"));
        JsonNode all = Json.tree(Map.of("tokens", List.of(KeepTokens.hash("sg_good"))));
        JsonNode asked = Json.tree(Map.of("tokens", List.of(KeepTokens.hash("sg_good"), KeepTokens.hash("sg_none"))));
        assertEquals(all, ask("post", "/internal/tokens", asked.toString()));
        ObjectNode limited = Json.object().put("name", "b");
        limited.putArray("scopes").add("read");
        limited.putArray("lists").add(list);
        replica.write(KeepTokens.make(alice, user, limited, "sg_limited"));
        String hash = KeepTokens.hash("sg_limited");
        assertEquals(
                Json.tree(Map.of("tokens", List.of(hash), "lists", Map.of(hash, List.of(list)))),
                ask("post", "/internal/tokens", Json.text(Map.of("tokens", List.of(hash), "lists", true))));
        assertEquals(
                Json.tree(Map.of("tokens", List.of())),
                replica.decide(ForServices.goodTokens(
                        "{\"tokens\":[\"" + KeepTokens.hash("sg_short") + "\"]}",
                        alice.at().plusSeconds(2))));
    }

    @Test
    void whoIsToldBesideTheFeedIsWhoConfirmedAChannelAndHasNotMutedTheList() {
        String list = listsOf("alice").at("/0/id").asText();
        JsonNode task = replica.<Answer>write(new CreateTask(new Users(ZoneOffset.UTC))
                        .create(
                                as("alice"),
                                null,
                                Json.object().put("title", "a").put("list", list)))
                .body();
        String id = task.path("id").asText();
        String tasks = "{\"ids\":[\"" + id + "\"]}";
        String question = "{\"task\":\"" + id + "\"}";
        assertEquals(
                List.of(),
                Json.read(ask("post", "/internal/tasks", tasks).path("told").toString(), List.class));
        Users.Addressed addressed = replica.write(new Users(ZoneOffset.UTC)
                .address(
                        as("alice"),
                        Json.read("{\"channels\":{\"ntfy\":{\"address\":\"home\"}}}", JsonNode.class),
                        "{\"bindings\":[\"channel-ntfy\"]}",
                        false));
        assertEquals(0, ask("post", "/internal/tasks", tasks).path("told").size(), "it is not confirmed");
        assertEquals(
                0, ask("post", "/internal/recipients", question).path("users").size());
        change(
                "alice",
                "{\"channels\":{\"ntfy\":{\"code\":\""
                        + addressed.codes().get(0).code() + "\"}}}");
        assertEquals(list, ask("post", "/internal/tasks", tasks).at("/told/0").asText());
        JsonNode told = ask("post", "/internal/recipients", question);
        assertEquals(id, told.at("/task/id").asText());
        assertEquals("home", told.at("/users/0/channels/ntfy/address").asText());
        assertEquals(told, ask("post", "/internal/recipients", "{\"task\":\"" + id + "\",\"user\":\"alice\"}"));
        assertEquals(
                0,
                ask("post", "/internal/recipients", "{\"task\":\"" + id + "\",\"user\":\"bob\"}")
                        .path("users")
                        .size(),
                "no member of it");
        assertEquals(1, told.path("members").asInt());
        JsonNode ofList = ask("post", "/internal/recipients", "{\"list\":\"" + list + "\",\"user\":\"alice\"}");
        assertEquals("Inbox", ofList.at("/list/name").asText());
        assertEquals("alice", ofList.at("/users/0/user").asText());
        assertTrue(ofList.path("task").isNull());
        change("alice", "{\"muted\":[\"" + list + "\"]}");
        assertEquals(
                0, ask("post", "/internal/recipients", question).path("users").size());
        JsonNode none = ask("post", "/internal/recipients", "{\"task\":\"" + list + ".99\"}");
        assertEquals("{\"task\":null,\"users\":[]}", none.toString());
    }

    private void change(String user, String patch) {
        replica.<Answer>write(new Users(ZoneOffset.UTC).change(as(user), Json.read(patch, JsonNode.class)));
    }

    private static Request as(String user) {
        return new Request(user, Set.of(), null, null, Instant.now());
    }

    private JsonNode listsOf(String... users) {
        String asked = Json.object().set("users", Json.tree(users)).toString();
        return ask("post", "/internal/users/lists", asked).path("lists");
    }

    private JsonNode howFar(long since, int from) {
        JsonNode answer =
                replica.decide(ForServices.howFar(since, from, Instant.now())).answer();
        InternalAnswers.assertHolds("get", "/internal/heads/{since}/{from}", answer);
        return answer;
    }

    private JsonNode ask(String verb, String path, String body) {
        JsonNode answer = Json.read(replica.<String>send("platform-http:" + path, body, Map.of()), JsonNode.class);
        InternalAnswers.assertHolds(verb, path, answer);
        return answer;
    }
}
