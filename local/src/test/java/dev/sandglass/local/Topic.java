package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The events on Kafka, read without Dapr and without our code. */
final class Topic {
    private Topic() {}

    /** The numbers of a list's changes on a topic. After a failure one may be there twice, or ahead of one before it. */
    static Set<Long> numbers(String topic, String list) throws IOException {
        Set<Long> numbers = new TreeSet<>();
        for (ConsumerRecord<String, String> record : records(List.of(topic))) {
            if (list.equals(record.key())) {
                numbers.add(Api.JSON.readTree(record.value()).at("/data/seq").asLong());
            }
        }
        return numbers;
    }

    /** The same of all lists. */
    static Map<String, Set<Long>> numbers(String topic) throws IOException {
        Map<String, Set<Long>> numbers = new HashMap<>();
        for (ConsumerRecord<String, String> record : records(List.of(topic))) {
            // DeadLettersIT puts on it what nobody can read.
            JsonNode data = Api.JSON
                    .readTree(record.value().startsWith("{") ? record.value() : "{}")
                    .path("data");
            numbers.computeIfAbsent(data.path("list").asText(), list -> new TreeSet<>())
                    .add(data.path("seq").asLong());
        }
        return numbers;
    }

    /** All records of these topics. */
    static List<ConsumerRecord<String, String>> records(List<String> topics) {
        Map<String, Object> settings = Map.of("bootstrap.servers", "127.0.0.1:" + (19092 + Stack.OFFSET));
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(part -> new TopicPartition(part.topic(), part.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(part -> consumer.position(part) < ends.get(part))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }
}
