package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Somebody at work whom no failure keeps from it: writes with an {@code Idempotency-Key} and repeats until there is an answer, and
 * writes down what the answers were. The tasks it works on are its own, so that it knows what must become of them; the lists are
 * others' too.
 */
final class Writer implements Runnable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int MOST_TASKS = 60;

    private final String name;
    private final List<Api> origins;
    private final List<String> lists;
    /** A list that only this one shares, with people who only watch. */
    private final String own;

    private final Random chance;
    private final Collection<String> wrong;
    private final List<Known> active = new ArrayList<>();

    final List<Known> tasks = new ArrayList<>();
    /** Creations nobody knows the outcome of: there once or not at all. */
    final Set<String> unsure = new HashSet<>();
    /** The changes of the own list itself, in order. */
    final List<String> shared = new ArrayList<>();

    final Set<String> guests = new HashSet<>();

    private volatile boolean over;
    private int edits;
    volatile int answered;
    volatile int repeated;

    Writer(String name, List<Api> origins, List<String> lists, String own, long seed, Collection<String> wrong) {
        this.name = name;
        this.origins = origins;
        this.lists = lists;
        this.own = own;
        this.chance = new Random(seed);
        this.wrong = wrong;
    }

    String own() {
        return own;
    }

    void end() {
        over = true;
    }

    @Override
    public void run() {
        try {
            while (!over) {
                try {
                    step();
                } catch (AssertionError | RuntimeException e) {
                    wrong.add(name + ": " + e.getMessage());
                }
                Thread.sleep(chance.nextInt(80));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() throws InterruptedException {
        int dice = chance.nextInt(100);
        if (active.isEmpty() || (dice < 30 && active.size() < MOST_TASKS)) {
            create();
            return;
        }
        Known task = active.get(chance.nextInt(active.size()));
        if (dice < 38) {
            createCarelessly();
        } else if (dice < 44) {
            share();
        } else if (dice < 52) {
            look(task);
        } else if (dice < 70) {
            edit(task);
        } else if (dice < 76) {
            move(task);
        } else if (dice < 82) {
            delete(task);
        } else if (task.completed) {
            reopen(task);
        } else {
            complete(task);
        }
    }

    // ---------------------------------------------------------------- What is done

    private void create() throws InterruptedException {
        Known task = new Known(call("POST", "/api/tasks", wish(), 201));
        tasks.add(task);
        active.add(task);
    }

    /** Without a key, and never again, whatever comes of it. */
    private void createCarelessly() throws InterruptedException {
        Map<String, Object> wish = wish();
        String mark = (String) wish.get("description");
        try {
            Api.Answer answer = api().post("/api/tasks", wish);
            if (answer.status() == 201) {
                answered++;
                tasks.add(new Known(answer.body()));
            } else if (answer.status() == 503) {
                if (answer.body().path("outcome").asText().equals("unknown")) {
                    unsure.add(mark);
                }
            } else if (answer.status() != 429) {
                wrong.add(name + ": creating is answered " + answer.status() + " " + answer.body());
            }
        } catch (IOException e) {
            unsure.add(mark);
        }
    }

    private void edit(Known task) throws InterruptedException {
        String mark = mark();
        JsonNode changed = call("PATCH", path(task), Map.of("description", mark), 200);
        task.description = mark;
        check(task.answered("task.updated", changed));
    }

    private void move(Known task) throws InterruptedException {
        String target = lists.get(chance.nextInt(lists.size()));
        // A successor is made, and withdrawn, in the list of its predecessor alone. A reminder that is first heard
        // of where its task was completed has no entry.
        if (target.equals(task.list) || task.recurs || task.remindsAt != null) {
            return;
        }
        task.version++;
        String mark = mark();
        JsonNode moved = call("PATCH", path(task), Map.of("list", target, "description", mark), 200);
        task.tell(task.list, "task.deleted");
        task.list = target;
        task.description = mark;
        task.tell(target, "task.created");
        check(task.differs(moved));
    }

    private void delete(Known task) throws InterruptedException {
        if (task.recurs && task.occurrence > 1) {
            // At the end, each completion must have one successor.
            return;
        }
        call("DELETE", path(task), null, 204);
        task.settledAt = Instant.now();
        task.answered("task.deleted", null);
        task.gone = true;
        active.remove(task);
        if (chance.nextInt(4) == 0) {
            Api.Answer answer = until("GET", path(task), null, Map.of());
            if (answer.status() != 404) {
                wrong.add(name + ": deleted, and there: " + task + ": " + answer.body());
            }
        }
    }

    private void complete(Known task) throws InterruptedException {
        JsonNode completed = call("POST", path(task) + "/complete", null, 200);
        task.settledAt = Instant.now();
        task.completed = true;
        check(task.answered("task.completed", completed));
        if (task.recurs && completed.path("next").isMissingNode()) {
            wrong.add(name + ": it recurs, and completing it names no next date: " + completed);
        }
        if (task.recurs && task.successor == null && chance.nextInt(3) == 0) {
            adoptSuccessor(task);
        }
    }

    private void reopen(Known task) throws InterruptedException {
        if (task.remindsAt != null) {
            return;
        }
        JsonNode reopened = call("POST", path(task) + "/reopen", null, 200);
        task.completed = false;
        check(task.answered("task.reopened", reopened));
        Known successor = task.successor;
        if (successor != null && successor.version == 1) {
            // Nobody had touched it: it was withdrawn.
            successor.answered("task.deleted", null);
            successor.gone = true;
            active.remove(successor);
            task.successor = null;
        }
    }

    /** Looks for the next occurrence a few times; where it is there, it is worked on too. */
    private void adoptSuccessor(Known task) throws InterruptedException {
        for (int tries = 0; tries < 5 && !over; tries++) {
            Thread.sleep(100);
            Api.Answer found = until("GET", "/api/tasks?limit=500&q=" + task.description, null, Map.of());
            for (JsonNode next : found.with(200).path("tasks")) {
                if (next.path("series").asText().equals(task.series)
                        && next.path("occurrence").asInt() == task.occurrence + 1
                        && next.path("version").asInt() == 1) {
                    task.successor = new Known(next);
                    tasks.add(task.successor);
                    active.add(task.successor);
                    return;
                }
            }
        }
    }

    private void look(Known task) throws InterruptedException {
        JsonNode seen = until("GET", path(task), null, Map.of()).with(200);
        check(task.differs(seen));
        JsonNode found = until("GET", "/api/tasks?list=" + task.list + "&q=" + task.description, null, Map.of())
                .with(200);
        boolean there = false;
        for (JsonNode one : found.path("tasks")) {
            there |= one.path("id").asText().equals(task.id) && task.differs(one) == null;
        }
        if (!there) {
            wrong.add(name + ": searching does not find " + task + ": " + found);
        }
    }

    private void share() throws InterruptedException {
        String guest = "guest-" + chance.nextInt(5);
        String member = "/api/lists/" + own + "/members/" + guest;
        if (guests.remove(guest)) {
            call("DELETE", member, null, 204);
            shared.add("list.unshared");
        } else {
            call("PUT", member, Map.of("role", "viewer"), 204);
            guests.add(guest);
            shared.add("list.shared");
        }
    }

    private Map<String, Object> wish() {
        Map<String, Object> wish = new HashMap<>();
        wish.put("title", name + " has something to do");
        wish.put("description", mark());
        wish.put("list", chance.nextInt(5) == 0 ? own : lists.get(chance.nextInt(lists.size())));
        int dice = chance.nextInt(100);
        if (dice < 30) {
            wish.put("due", LocalDate.now().plusDays(1).toString());
            wish.put("timeZone", "UTC");
            wish.put("recurrence", "daily");
        } else if (dice < 50) {
            wish.put(
                    "reminders",
                    List.of(Instant.now()
                            .plusMillis(3_000 + chance.nextInt(12_000))
                            .toString()));
        }
        return wish;
    }

    /** No two are equal, and none is part of another. */
    private String mark() {
        return name + "x%06dx".formatted(++edits);
    }

    private static String path(Known task) {
        return "/api/tasks/" + task.id;
    }

    private void check(String difference) {
        if (difference != null) {
            wrong.add(name + ": " + difference);
        }
    }

    // ---------------------------------------------------------------- Until there is an answer

    private JsonNode call(String method, String path, Object body, int expected) throws InterruptedException {
        Map<String, String> headers = new HashMap<>();
        headers.put("Idempotency-Key", name + "-" + Long.toHexString(chance.nextLong()));
        JsonNode answer = until(method, path, body, headers).with(expected);
        answered++;
        return answer;
    }

    private Api.Answer until(String method, String path, Object body, Map<String, String> headers)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() < end) {
            try {
                Api.Answer answer = api().send(method, path, body, headers);
                if (answer.status() != 503 && answer.status() != 429) {
                    return answer;
                }
                if (answer.status() == 503
                        && answer.headers().firstValue("Retry-After").isEmpty()) {
                    wrong.add(name + ": 503 without Retry-After: " + answer.body());
                }
                last = answer.status() + " " + answer.body();
            } catch (IOException e) {
                last = e.toString();
            }
            repeated++;
            Thread.sleep(50 + chance.nextInt(250));
        }
        throw new AssertionError(method + " " + path + " has no answer for " + PATIENCE.toSeconds() + " s: " + last);
    }

    private Api api() {
        return origins.get(chance.nextInt(origins.size()));
    }
}
