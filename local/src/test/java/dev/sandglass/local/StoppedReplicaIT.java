package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A replica that stops answers its open requests; later reads of another service go to the replica that stays. */
@Tag("US-4")
@Tag("FR-012")
@ExtendWith(Stack.class)
class StoppedReplicaIT {
    private static final String[] SECOND = {"audit-2", "reminder-2"};

    @BeforeAll
    static void two() throws Exception {
        Stack.start(SECOND);
        Stack.heal();
    }

    @AfterAll
    static void one() throws Exception {
        Stack.stop(SECOND);
    }

    @Test
    void aReplicaThatIsStoppedUnderLoadCostsNobodyAnAnswer() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        String task = alice.task(list, "read me").path("id").asText();
        AtomicBoolean over = new AtomicBoolean();
        Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
        List<Thread> readers = new ArrayList<>();
        try {
            for (String path : List.of("/api/tasks/" + task + "/history", "/api/reminders?task=" + task)) {
                for (int i = 0; i < 2; i++) {
                    readers.add(new Thread(() -> {
                        while (!over.get()) {
                            String answer;
                            try {
                                Api.Answer read = alice.api().get(path);
                                answer = read.status()
                                        + read.body().path("detail").asText();
                                // Else they take the machine from the replica that starts.
                                Thread.sleep(10);
                            } catch (IOException e) {
                                answer = e.toString();
                            } catch (InterruptedException e) {
                                return;
                            }
                            answers.computeIfAbsent(answer, key -> new AtomicInteger())
                                    .incrementAndGet();
                        }
                    }));
                }
            }
            readers.forEach(Thread::start);
            for (String gone : SECOND) {
                Thread.sleep(1_000);
                Stack.stop(gone);
                Thread.sleep(1_000);
                Stack.start(gone);
            }
            Thread.sleep(1_000);
        } finally {
            over.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
        }
        FaultInjection.say("reads while replicas were stopped twice: %s", answers);
        assertEquals(Set.of("200"), answers.keySet(), answers::toString);
    }
}
