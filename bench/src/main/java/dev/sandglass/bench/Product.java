package dev.sandglass.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Sandglass as its users see it. */
final class Product {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int AT_ONCE = 10;

    /** Somebody signed in, with a list of their own that is not the Inbox, so that it can be deleted. */
    record Person(String user, String token, String list) {}

    private final Http http;
    private final int port;
    /** Tells this run's people from those of others. */
    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

    private final List<Person> people = new ArrayList<>();

    Product(Http http, int port) {
        this.http = http;
        this.port = port;
    }

    Future<JsonNode> call(HttpMethod method, String token, String path, @Nullable Object body, int wanted) {
        String[] headers = {"Authorization", "Bearer " + token};
        return http.call(method, port, path, headers, body == null ? null : Json.text(body), wanted)
                .map(answer -> answer.length() == 0 ? Json.object() : Http.json(answer));
    }

    /** A task with that title, its answer checked. */
    Future<JsonNode> create(Person person, String title) {
        return create(person, Map.of("list", person.list, "title", title));
    }

    Future<JsonNode> create(Person person, Map<String, ?> fields) {
        return call(HttpMethod.POST, person.token, "/api/tasks", fields, 201)
                .compose(task -> task.path("title").asText().equals(fields.get("title"))
                        ? Future.succeededFuture(task)
                        : Future.failedFuture("another task than was asked for: " + task));
    }

    Future<JsonNode> get(Person person, String path) {
        return call(HttpMethod.GET, person.token, path, null, 200);
    }

    /** Somebody new. */
    Person person() {
        return people(1).get(0);
    }

    List<Person> people(int count) {
        int before = people.size();
        List<String> users = IntStream.range(0, count)
                .mapToObj(i -> "bench-" + run + "-" + (before + i))
                .toList();
        List<Person> some = all(users, this::comes);
        people.addAll(some);
        return some;
    }

    /** So many people, for whom it does not matter what else they did. */
    List<Person> anybody(int count) {
        people(Math.max(0, count - people.size()));
        return List.copyOf(people.subList(people.size() - count, people.size()));
    }

    private static <T, R> List<R> all(List<T> those, Function<T, Future<R>> call) {
        List<R> answers = new ArrayList<>();
        for (int from = 0; from < those.size(); from += AT_ONCE) {
            List<Future<R>> some = those.subList(from, Math.min(those.size(), from + AT_ONCE)).stream()
                    .map(call)
                    .toList();
            answers.addAll(LoadGenerator.await(Future.all(some), SOON).list());
        }
        return answers;
    }

    private Future<Person> comes(String user) {
        return http.call(HttpMethod.POST, port, "/api/dev/token", new String[0], Json.text(Map.of("user", user)), 200)
                .map(answer -> answer.toJsonObject().getString("token"))
                .compose(token -> call(HttpMethod.POST, token, "/api/lists", Map.of("name", "bench"), 201)
                        .map(list -> new Person(user, token, list.path("id").asText())));
    }

    void share(Person owner, List<Person> members) {
        all(
                members,
                member -> call(
                        HttpMethod.PUT,
                        owner.token,
                        "/api/lists/" + owner.list + "/members/" + member.user,
                        Map.of("role", "editor"),
                        204));
    }

    /** Tells if the audit has every change of their lists, in order. */
    boolean verified(List<Person> some) {
        return all(some, person -> get(person, "/api/audit/verify?list=" + person.list)).stream()
                .allMatch(answer -> answer.path("complete").asBoolean());
    }

    /** Deletes the lists of everybody who came in this run. */
    void clear() {
        all(people, person -> call(HttpMethod.DELETE, person.token, "/api/lists/" + person.list, null, 204));
    }
}
