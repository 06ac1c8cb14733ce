package dev.sandglass.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sandglass as its users see it. */
final class Product {
    private static final Duration SOON = Duration.ofSeconds(30);

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
        String user = "bench-" + run + "-" + people.size();
        String token = LoadGenerator.await(
                        http.call(
                                HttpMethod.POST,
                                port,
                                "/api/dev/token",
                                new String[0],
                                Json.text(Map.of("user", user)),
                                200),
                        SOON)
                .toJsonObject()
                .getString("token");
        String list = LoadGenerator.await(
                        call(HttpMethod.POST, token, "/api/lists", Map.of("name", "bench"), 201), SOON)
                .path("id")
                .asText();
        Person person = new Person(user, token, list);
        people.add(person);
        return person;
    }

    List<Person> people(int count) {
        List<Person> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(person());
        }
        return some;
    }

    void share(Person owner, Person member) {
        LoadGenerator.await(
                call(
                        HttpMethod.PUT,
                        owner.token,
                        "/api/lists/" + owner.list + "/members/" + member.user,
                        Map.of("role", "editor"),
                        204),
                SOON);
    }

    /** Tells if the audit has every change of the list, in order. */
    boolean verified(Person person) {
        return LoadGenerator.await(get(person, "/api/audit/verify?list=" + person.list), SOON)
                .path("complete")
                .asBoolean();
    }

    /** Deletes the lists of everybody who came in this run. */
    void clear() {
        for (Person person : people) {
            LoadGenerator.await(call(HttpMethod.DELETE, person.token, "/api/lists/" + person.list, null, 204), SOON);
        }
    }
}
