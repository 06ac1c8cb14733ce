package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * More than can be done, and a database that is away: both are said at once, and cost those who come later nothing. The limit under
 * overload leaves room for the clients, which take most of the machine themselves; what is measured is printed.
 */
@ExtendWith(Stack.class)
@Tag("FR-012")
class OverloadIT {
    private static final int CLIENTS = Integer.getInteger("sandglass.test.clients", 500);
    private static final Duration DURING = Duration.ofSeconds(5);
    /** Milliseconds, as the clients see it: a write that is taken ends within two seconds, but the clients have to be served too. */
    private static final long ANSWERED = 10_000;
    /** Milliseconds: by when it is said that the database is away, to all but the few whose client waits for the processor. */
    private static final long TOLD = 2_000;

    private static final Pattern THREADS = Pattern.compile("(?m)^jvm_threads_live_threads\\S* ([0-9.]+)$");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    @Test
    void whatIsTakenIsAnsweredSoonHoweverManyThereAre() throws Exception {
        Person alice = Person.like("alice");
        List<String> lists = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            lists.add(alice.list("editor"));
        }
        long before = resident();

        Crowd crowd = Crowd.of(
                CLIENTS,
                DURING,
                n -> Crowd.post(
                        alice.api().token(), "/api/tasks", Map.of("title", "n" + n, "list", lists.get(n % 50))));

        List<Crowd.Said> taken = crowd.said(status -> status == 201);
        List<Crowd.Said> refused = crowd.said(status -> status == 429 || status == 503);
        System.out.printf(
                "%d clients: %d/s taken, p50 %d ms, p99 %d ms; %d refused, p50 %d ms, p99 %d ms; %d MB resident, %d before%n",
                CLIENTS,
                taken.size() / DURING.toSeconds(),
                Crowd.quantile(0.5, taken),
                Crowd.quantile(0.99, taken),
                refused.size(),
                Crowd.quantile(0.5, refused),
                Crowd.quantile(0.99, refused),
                resident() / 1_000_000,
                before / 1_000_000);
        assertEquals(List.of(), crowd.said(status -> status != 201 && status != 429 && status != 503));
        assertTrue(refused.stream().allMatch(Crowd.Said::retryAfter));
        assertTrue(taken.size() > 100, "taken: " + taken.size());
        assertTrue(Crowd.quantile(0.99, taken) < ANSWERED, "taken late");
        assertTrue(Crowd.quantile(0.99, refused) < ANSWERED, "refused late");
        assertTrue(resident() < 600_000_000, "resident: " + resident());
        long there = 0;
        for (String list : lists) {
            there += alice.api()
                    .get("/api/tasks?limit=1&list=" + list)
                    .with(200)
                    .path("total")
                    .asLong();
        }
        assertEquals(taken.size(), there);
    }

    @Test
    void whileTheDatabaseIsDownEverybodyIsToldSoInTimeAndItIsUsedAgainWhenItIsBack() throws Exception {
        Person bob = Person.like("bob");
        String list = bob.list("editor");
        bob.task(list, "before");
        long pid = Stack.part("task").path("pid").asLong();
        Stack.stop("postgres");
        Crowd crowd;
        try {
            crowd = Crowd.of(
                    200,
                    DURING,
                    n -> Crowd.post(bob.api().token(), "/api/tasks", Map.of("title", "n" + n, "list", list)));
        } finally {
            Stack.start("postgres");
        }
        List<Crowd.Said> all = crowd.said(status -> true);
        System.out.printf(
                "without PostgreSQL: %d refused, p50 %d ms, p99 %d ms, at most %d ms; %.0f threads%n",
                all.size(), Crowd.quantile(0.5, all), Crowd.quantile(0.99, all), Crowd.quantile(1, all), threads());
        assertEquals(List.of(), crowd.said(status -> status != 503 && status != 429));
        assertTrue(all.stream().allMatch(Crowd.Said::retryAfter));
        assertTrue(Crowd.quantile(0.99, all) <= TOLD, "told late");
        assertTrue(Crowd.quantile(1, all) < ANSWERED, "one was told late");
        assertTrue(threads() < 300, "threads: " + threads());

        Stack.await(
                "a task is taken again",
                Duration.ofSeconds(10),
                () -> bob.api()
                                .post("/api/tasks", Map.of("title", "after", "list", list))
                                .status()
                        == 201);
        assertEquals(pid, Stack.part("task").path("pid").asLong());
        assertEquals(
                2,
                bob.api().get("/api/tasks?list=" + list).with(200).path("total").asLong());
    }

    private static double threads() throws IOException, InterruptedException {
        String metrics = Api.CLIENT
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + (8090 + Stack.OFFSET) + "/q/metrics"))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher found = THREADS.matcher(metrics);
        assertTrue(found.find(), metrics);
        return Double.parseDouble(found.group(1));
    }

    /** Bytes task takes; 0 where the machine does not say. */
    private static long resident() throws IOException, InterruptedException {
        Path status = Path.of("/proc", Stack.part("task").path("pid").asText(), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        Matcher found = RESIDENT.matcher(Files.readString(status));
        return found.find() ? 1024 * Long.parseLong(found.group(1)) : 0;
    }
}
