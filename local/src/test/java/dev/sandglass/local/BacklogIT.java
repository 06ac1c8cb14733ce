package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The broker is away for long, and in the end so is the replica that wrote: writing costs what it did, the other replica brings all of
 * it to both topics, and the audit has it. After a failure one may come ahead of one before it (docs/events.md): how many did is
 * printed. With {@code -Dsandglass.test.backlog=10000} the figures of the specification.
 */
@ExtendWith(Stack.class)
@Tag("FR-012")
@Tag("SC-006")
class BacklogIT {
    private static final int CHANGES = Integer.getInteger("sandglass.test.backlog", 600);
    private static final int LISTS = 20;
    private static final int SAMPLES = 101;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** When the first and the last change came to a topic, milliseconds by its records. */
    private static final class Drain {
        private long first = Long.MAX_VALUE;
        private long last;
        private int changes;
        private int ahead;

        @Override
        public String toString() {
            return changes + " in " + (last - first) + " ms, " + changes * 1000L / Math.max(1, last - first) + "/s, "
                    + ahead + " ahead of their turn";
        }
    }

    @Test
    void whatWaitsCostsNothingAndGoesOutByWhoeverIsThere() throws Exception {
        Person alice = Person.like("alice");
        List<String> lists = alice.lists(LISTS);
        write(alice, lists, 100);
        Stack.start("task-2");
        audited(alice, lists);
        Stack.stop("kafka");
        long since = System.currentTimeMillis();
        Map<String, Long> seqs = new HashMap<>();
        try {
            long before = writing(alice, lists.get(0));
            write(alice, lists, CHANGES);
            // Audit fetches changes that it was not told of, and this would be measured too.
            audited(alice, lists);
            long during = writing(alice, lists.get(0));
            System.out.printf(
                    "without Kafka a write takes %d us, and %d us with %d changes waiting (p50)%n",
                    before, during, CHANGES);
            assertTrue(during < 2 * before + 5_000, "writing costs more");
            for (String list : lists) {
                seqs.put(list, alice.seq(list));
            }
            Stack.stop("task");
        } finally {
            Stack.start("kafka");
        }
        try {
            System.out.printf("drained: task-events %s, ", drained("task-events", since, seqs));
            System.out.printf("task-updates %s%n", drained("task-updates", since, seqs));
        } finally {
            Stack.start("task");
            Stack.stop("task-2", "task-2-sidecar");
        }
        audited(alice, lists);
    }

    private static void audited(Person person, List<String> lists) throws Exception {
        for (String list : lists) {
            Stack.await("the audit of " + list, PATIENCE, () -> person.verified(list));
        }
    }

    private static void write(Person person, List<String> lists, int changes) {
        Crowd crowd = Crowd.of(
                LISTS,
                changes,
                n -> Crowd.post(
                        person.api().token(),
                        "/api/tasks",
                        Map.of("title", "n" + n, "list", lists.get(n % lists.size()))));
        assertEquals(List.of(), crowd.said(status -> status != 201));
    }

    /** The median of a write by one client, microseconds. */
    private static long writing(Person person, String list) throws Exception {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            long start = System.nanoTime();
            person.task(list, "sample " + i);
            times.add((System.nanoTime() - start) / 1_000);
        }
        return times.stream().sorted().toList().get(SAMPLES / 2);
    }

    /** Reads a topic until it has all of the lists' changes up to these numbers. */
    private static Drain drained(String topic, long since, Map<String, Long> seqs) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", "127.0.0.1:" + (19092 + Stack.OFFSET));
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(part -> new TopicPartition(topic, part.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<String, BitSet> came = new HashMap<>();
            Drain drain = new Drain();
            Stack.await("all of it on " + topic, PATIENCE, () -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    if (seqs.containsKey(record.key())) {
                        int seq = Api.JSON
                                .readTree(record.value())
                                .at("/data/seq")
                                .asInt();
                        BitSet numbers = came.computeIfAbsent(record.key(), list -> new BitSet());
                        if (!numbers.get(seq) && record.timestamp() > since) {
                            drain.first = Math.min(drain.first, record.timestamp());
                            drain.last = Math.max(drain.last, record.timestamp());
                            drain.changes++;
                            drain.ahead += numbers.nextClearBit(1) < seq ? 1 : 0;
                        }
                        numbers.set(seq);
                    }
                }
                return seqs.entrySet().stream()
                        .allMatch(list ->
                                came.getOrDefault(list.getKey(), new BitSet()).nextClearBit(1) > list.getValue());
            });
            return drain;
        }
    }
}
