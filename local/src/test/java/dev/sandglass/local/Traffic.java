package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * People at work with Sandglass while things happen to it: writers, each with a device beside them, on lists they share. At the end
 * everything they were answered is held against what is there, on every way it can be looked at.
 */
final class Traffic implements AutoCloseable {
    private static final int WRITERS = 6;
    private static final int SHARED_LISTS = 3;

    private final Collection<String> wrong = new ConcurrentLinkedQueue<>();
    private final List<Person> people = new ArrayList<>();
    private final List<String> shared = new ArrayList<>();
    private final List<Writer> writers = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Starts at once.
     *
     * @param origins where the API is had, one or more
     * @param addresses of the live feed, by the one a ticket names
     */
    Traffic(long seed, List<String> origins, List<UnaryOperator<String>> addresses) throws Exception {
        for (int i = 0; i < WRITERS; i++) {
            people.add(Person.like("worker" + i));
        }
        for (int i = 0; i < SHARED_LISTS; i++) {
            shared.add(people.get(i)
                    .list(
                            "editor",
                            people.stream()
                                    .filter(person -> !person.equals(people.get(shared.size())))
                                    .toArray(Person[]::new)));
        }
        for (int i = 0; i < WRITERS; i++) {
            Person person = people.get(i);
            List<Api> apis = origins.stream().map(person.api()::at).toList();
            writers.add(new Writer("w" + i, apis, shared, person.list("editor"), seed + i, wrong));
            devices.add(new Device(person, addresses.get(i % addresses.size())));
        }
        FaultInjection.await("the devices are connected", () -> devices.stream().allMatch(Device::connected));
        for (Writer writer : writers) {
            Thread thread = new Thread(writer, "writer");
            threads.add(thread);
            thread.start();
        }
    }

    /** On the tests' stack as it is usually. */
    static Traffic onOneReplica(long seed) throws Exception {
        return new Traffic(seed, List.of(Stack.PAGE), List.of(UnaryOperator.identity()));
    }

    /** How many writes were answered so far. */
    int answered() {
        return writers.stream().mapToInt(writer -> writer.answered).sum();
    }

    String summary() {
        return "%d writes answered, %d calls repeated, %d connections, %d changes at devices, %d reminders, wrong: %d"
                .formatted(
                        answered(),
                        writers.stream().mapToInt(writer -> writer.repeated).sum(),
                        devices.stream().mapToInt(Device::connections).sum(),
                        devices.stream().mapToLong(Device::changes).sum(),
                        writers.stream()
                                .flatMap(writer -> writer.tasks.stream())
                                .filter(task -> task.remindsAt != null)
                                .count(),
                        wrong.size());
    }

    /** Lets everybody finish what they are at. */
    void end() throws InterruptedException {
        writers.forEach(Writer::end);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Everything that was answered came out everywhere, once. To be called when all parts run again. */
    void check() throws Exception {
        end();
        successors();
        for (String list : lists()) {
            ledger(list);
        }
        kafka();
        devices();
        audit();
        reminders();
        devices.forEach(device -> wrong.addAll(device.wrong()));
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " things are wrong:\n" + String.join("\n", wrong));
    }

    @Override
    public void close() throws Exception {
        end();
        for (Device device : devices) {
            device.close();
        }
    }

    // ---------------------------------------------------------------- What is to be there

    private List<String> lists() {
        List<String> lists = new ArrayList<>(shared);
        writers.forEach(writer -> lists.add(writer.own()));
        return lists;
    }

    private Person member(String list) {
        for (int i = 0; i < WRITERS; i++) {
            if (writers.get(i).own().equals(list)) {
                return people.get(i);
            }
        }
        return people.get(0);
    }

    private List<Known> tasks() {
        return writers.stream().flatMap(writer -> writer.tasks.stream()).toList();
    }

    /** Every completion that stands has one successor, every other none. */
    private void successors() throws Exception {
        Set<String> problems = new LinkedHashSet<>();
        try {
            FaultInjection.await("one successor for each completion that stands", () -> {
                problems.clear();
                Map<String, Long> occurrences = new HashMap<>();
                for (String list : lists()) {
                    for (JsonNode task : all(list)) {
                        occurrences.merge(
                                task.path("series").asText() + " "
                                        + task.path("occurrence").asInt(),
                                1L,
                                Long::sum);
                    }
                }
                for (Known task : tasks()) {
                    if (!task.recurs || task.gone) {
                        continue;
                    }
                    long after = occurrences.getOrDefault(task.series + " " + (task.occurrence + 1), 0L);
                    boolean kept = task.successor != null && !task.successor.gone;
                    if (after != (task.completed || kept ? 1 : 0)) {
                        problems.add(after + " successors of " + task);
                    }
                }
                return problems.isEmpty();
            });
        } catch (AssertionError e) {
            wrong.addAll(problems);
        }
    }

    private List<JsonNode> all(String list) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = member(list)
                    .api()
                    .get("/api/tasks?limit=500&list=" + list + cursor)
                    .with(200);
            page.path("tasks").forEach(all::add);
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!cursor.isEmpty());
        return all;
    }

    /** The list's changes are numbered without a hole and are those that were answered; its tasks are what they say. */
    private void ledger(String list) throws Exception {
        Map<String, List<String>> told = new TreeMap<>();
        List<String> itself = new ArrayList<>();
        Map<String, JsonNode> strangers = new HashMap<>();
        long seq = 0;
        long last = member(list).seq(list);
        while (seq < last) {
            for (JsonNode change : member(list).changes(list, seq)) {
                assertEquals(++seq, change.path("seq").asLong(), "the numbers of " + list);
                JsonNode task = change.path("task");
                String event = change.path("event").asText();
                if (task.isMissingNode()) {
                    itself.add(event);
                } else {
                    told.computeIfAbsent(task.path("id").asText(), any -> new ArrayList<>())
                            .add(event + " " + task.path("description").asText());
                    strangers.putIfAbsent(task.path("id").asText(), task);
                }
            }
        }
        Map<String, JsonNode> there = all(list).stream()
                .collect(Collectors.toMap(task -> task.path("id").asText(), task -> task));
        for (Known task : tasks()) {
            strangers.remove(task.id);
            if (task.told.containsKey(list) && !task.told.get(list).equals(told.get(task.id))) {
                wrong.add("%s: answered %s, and in the ledger are %s"
                        .formatted(task, task.told.get(list), told.get(task.id)));
            }
            if (!task.told.containsKey(list) && told.containsKey(task.id)) {
                wrong.add(task + " was never in " + list + ", where there is of it " + told.get(task.id));
            }
            if (task.list.equals(list)) {
                JsonNode now = there.remove(task.id);
                String difference = task.gone
                        ? now == null ? null : "it was deleted: " + now
                        : now == null ? "it is not there: " + task : task.differs(now);
                if (difference != null) {
                    wrong.add(difference);
                }
            }
        }
        Set<String> unsure = new HashSet<>();
        writers.forEach(writer -> unsure.addAll(writer.unsure));
        for (JsonNode stranger : strangers.values()) {
            boolean follows = stranger.path("occurrence").asInt() > 1;
            if (!follows && !unsure.remove(stranger.path("description").asText())) {
                wrong.add("nobody was told of " + stranger);
            }
        }
        for (Writer writer : writers) {
            if (writer.own().equals(list)) {
                List<String> expected = new ArrayList<>(List.of("list.created"));
                expected.addAll(writer.shared);
                if (!expected.equals(itself)) {
                    wrong.add(list + ": answered " + expected + ", and in the ledger are " + itself);
                }
            }
        }
    }

    private void kafka() throws Exception {
        for (String topic : List.of("task-events", "task-updates")) {
            FaultInjection.await("everything is on " + topic, () -> {
                Map<String, Set<Long>> numbers = Topic.numbers(topic);
                for (String list : lists()) {
                    if (numbers.getOrDefault(list, Set.of()).size()
                            < member(list).seq(list)) {
                        return false;
                    }
                }
                return true;
            });
        }
    }

    private void devices() throws Exception {
        for (String list : lists()) {
            long seq = member(list).seq(list);
            for (int i = 0; i < WRITERS; i++) {
                Device device = devices.get(i);
                if (shared.contains(list) || writers.get(i).own().equals(list)) {
                    FaultInjection.await(
                            "the device of " + people.get(i).name() + " has " + seq + " of " + list + ", has "
                                    + device.number(list),
                            () -> device.number(list) == seq || !device.wrong().isEmpty());
                }
            }
        }
    }

    private void audit() throws Exception {
        for (String list : lists()) {
            long seq = member(list).seq(list);
            JsonNode[] last = {null};
            try {
                FaultInjection.await("the audit of " + list, () -> {
                    last[0] = member(list)
                            .api()
                            .get("/api/audit/verify?list=" + list)
                            .body();
                    return last[0].path("complete").asBoolean()
                            && last[0].path("entries").asLong() == seq
                            && last[0].path("seq").asLong() == seq;
                });
            } catch (AssertionError e) {
                wrong.add("the audit of " + list + " up to " + seq + ": " + last[0]);
            }
        }
    }

    private void reminders() throws Exception {
        Set<String> problems = new LinkedHashSet<>();
        try {
            FaultInjection.await("the reminders", () -> {
                problems.clear();
                Map<String, List<JsonNode>> entries = new HashMap<>();
                for (Person person : people) {
                    Set<String> seen = new HashSet<>();
                    for (JsonNode entry :
                            person.api().get("/api/reminders").with(200).path("reminders")) {
                        if (seen.add(entry.path("id").asText())) {
                            List<JsonNode> those =
                                    entries.computeIfAbsent(entry.path("task").asText(), any -> new ArrayList<>());
                            if (!those.contains(entry)) {
                                those.add(entry);
                            }
                        }
                    }
                }
                for (Known task : tasks()) {
                    String problem =
                            task.remindsAt == null ? null : reminder(task, entries.getOrDefault(task.id, List.of()));
                    if (problem != null) {
                        problems.add(problem);
                    }
                }
                return problems.isEmpty();
            });
        } catch (AssertionError e) {
            wrong.addAll(problems);
        }
    }

    /** The fault of the one reminder of a task, or null. */
    private String reminder(Known task, List<JsonNode> entries) {
        Set<String> came = new HashSet<>();
        devices.forEach(device -> came.addAll(device.reminders(task.id)));
        if (entries.size() != 1 || came.size() > 1) {
            return "one reminder of " + task + " is in the ledger as " + entries + " and came as " + came;
        }
        JsonNode entry = entries.get(0);
        String status = entry.path("status").asText();
        if (task.madeLate) {
            return status.equals("cancelled") && came.isEmpty()
                    ? null
                    : "made late, and it came: " + task + ": " + entry;
        }
        if (task.settledAt == null) {
            for (int i = 0; i < WRITERS; i++) {
                boolean theirs =
                        shared.contains(task.list) || writers.get(i).own().equals(task.list);
                if (theirs && devices.get(i).reminders(task.id).isEmpty()) {
                    return "no reminder at " + people.get(i).name() + " of " + task + ": " + entry;
                }
            }
            Instant firedAt = status.equals("delivered")
                    ? Instant.parse(entry.path("firedAt").asText())
                    : Instant.MIN;
            return firedAt.isBefore(task.remindsAt) ? "not delivered: " + task + ": " + entry : null;
        }
        boolean inTime = task.settledAt.isBefore(task.remindsAt);
        if (inTime && !entry.path("unconfirmed").asBoolean() && !(status.equals("cancelled") && came.isEmpty())) {
            return "settled at " + task.settledAt + ", and it came: " + task + ": " + entry + " " + came;
        }
        return status.equals("scheduled") ? "still waiting: " + task + ": " + entry : null;
    }
}
