package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Somebody nobody has heard of before, so that a test means the same on a stack that was used. */
record Person(String name, Api api) {
    /** @param like what they are called, a mark goes behind it */
    static Person like(String like) throws IOException, InterruptedException {
        return like(like, Stack.PAGE);
    }

    /** Somebody on another stack than the one all share. */
    static Person like(String like, String page) throws IOException, InterruptedException {
        String name = like + "-" + UUID.randomUUID().toString().substring(0, 8);
        return new Person(name, Api.as(name, page));
    }

    /** A new list of theirs, as its id, shared with others in a role. */
    String list(String role, Person... others) throws IOException, InterruptedException {
        String id = api.post("/api/lists", Map.of("name", "List"))
                .with(201)
                .path("id")
                .asText();
        for (Person other : others) {
            share(id, role, other);
        }
        return id;
    }

    /** So many new lists of theirs alone. */
    List<String> lists(int many) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            ids.add(list("owner"));
        }
        return ids;
    }

    void share(String list, String role, Person other) throws IOException, InterruptedException {
        api.put("/api/lists/" + list + "/members/" + other.name, Map.of("role", role))
                .with(204);
    }

    /** A new task in a list, with more fields by name and value. */
    JsonNode task(String list, String title, Object... more) throws IOException, InterruptedException {
        Map<String, Object> fields = new HashMap<>(Map.of("list", list, "title", title));
        for (int i = 0; i < more.length; i += 2) {
            fields.put((String) more[i], more[i + 1]);
        }
        return api.post("/api/tasks", fields).with(201);
    }

    /** The list's number now. */
    long seq(String list) throws IOException, InterruptedException {
        return api.get("/api/lists/" + list).with(200).path("seq").asLong();
    }

    /** The changes of a list after a number. */
    JsonNode changes(String list, long after) throws IOException, InterruptedException {
        return api.get("/api/lists/" + list + "/changes?after=" + after)
                .with(200)
                .path("changes");
    }

    /** True where the audit has every change of a list, and the chain is whole. */
    boolean verified(String list) throws IOException, InterruptedException {
        return api.get("/api/audit/verify?list=" + list)
                .with(200)
                .path("complete")
                .asBoolean();
    }

    /** The reminders of a task with a status. */
    JsonNode reminders(String task, String status) throws IOException, InterruptedException {
        return api.get("/api/reminders?status=" + status + "&task=" + task)
                .with(200)
                .path("reminders");
    }

    /** The same call by many at once; the answers in order. */
    static List<Api.Answer> atOnce(int many, IntFunction<Callable<Api.Answer>> call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(many);
        try {
            List<Api.Answer> answers = new ArrayList<>();
            for (Future<Api.Answer> answer :
                    threads.invokeAll(IntStream.range(0, many).mapToObj(call).toList())) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
