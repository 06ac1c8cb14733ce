package dev.sandglass.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As many changes as Dapr brings in one bulk, each the largest there can be, from all partitions at once. */
@ExtendWith(Stack.class)
@Tag("FR-012")
@Tag("SC-006")
@Tag(Stack.BESIDE_ANOTHER)
class BulkIT {
    /** Dapr brings so many events at once, {@code maxMessagesCount} of the subscriptions. */
    private static final int BULK = 30;

    private static final Duration PATIENCE = Duration.ofSeconds(240);

    @Test
    void theLargestChangesThereCanBeAreTakenManyAtOnce() throws Exception {
        String[] consumers = {
            "audit-sidecar", "audit", "recurrence-sidecar", "recurrence", "reminder-sidecar", "reminder"
        };
        Person alice = Person.like("alice");
        List<String> lists = alice.lists(4);
        List<String> tasks = new ArrayList<>();
        for (String list : lists) {
            tasks.add("/api/tasks/" + alice.task(list, "x").path("id").asText());
        }
        Stack.stop(consumers);
        try {
            String grin = new String(Character.toChars(0x1F600));
            for (int i = 0; i < 4 * BULK; i++) {
                Map<String, Object> fields = Map.of(
                        "description",
                        grin.repeat(15_990) + i,
                        "title",
                        grin.repeat(490) + i,
                        "tags",
                        tags(grin.repeat(45) + i % 9));
                alice.api().patch(tasks.get(i % tasks.size()), fields).with(200);
            }
        } finally {
            Stack.start(consumers);
        }
        for (String group : List.of("audit", "recurrence", "reminder")) {
            Stack.await("the events are acknowledged by " + group, PATIENCE, () -> behind(group) == 0);
        }
        for (String list : lists) {
            Stack.await("the audit of " + list, PATIENCE, () -> alice.verified(list));
        }
    }

    private static List<String> tags(String like) {
        return IntStream.range(10, 60).mapToObj(i -> like + i).toList();
    }

    /** The number of events that a group has not acknowledged. */
    private static long behind(String group) throws Exception {
        try (Admin kafka = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + (19092 + Stack.OFFSET)))) {
            Map<TopicPartition, OffsetAndMetadata> done = kafka.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            done.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
            return kafka.listOffsets(latest).all().get().entrySet().stream()
                    .mapToLong(end ->
                            end.getValue().offset() - done.get(end.getKey()).offset())
                    .sum();
        }
    }
}
