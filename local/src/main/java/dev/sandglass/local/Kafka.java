package dev.sandglass.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A real broker in one process, its own controller, from its Maven artifacts. */
final class Kafka {
    /**
     * Two replicas of a service can share the events on tasks. More partitions cost: a sidecar looks at each up to a hundred times a
     * second, and a bulk is of one partition, so with more of them it is smaller. The topics that each replica of <em>sync</em> hears for
     * itself, and those with few events, have one.
     */
    private static final Map<String, Integer> TOPICS = Map.of(
            "task-events", 2,
            "task-updates", 1,
            "reminders", 1,
            "audit-task-events-dead-letters", 1,
            "recurrence-task-events-dead-letters", 1,
            "reminder-task-events-dead-letters", 1,
            "sync-reminders-dead-letters", 1,
            "sync-task-updates-dead-letters", 1);

    private Kafka() {}

    /** @param built the target folder of module local, where the build laid the broker's jars */
    static Part part(Path built, Path data, Ports ports) {
        int port = ports.of("kafka");
        int controller = ports.of("kafka-controller");
        Path settings = data.resolve("kafka.properties");
        Path folder = data.resolve("kafka");
        // The stack has its own links: a build may replace the jars while the broker loads classes from them.
        Path jars = data.resolve("apps/kafka");
        List<String> java = List.of(
                Host.java(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
                "-cp",
                jars.resolve("kafka") + "/*:" + jars.resolve("lib") + "/*");
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("kafka.Kafka", settings.toString()));
        Probe probe = Probe.kafka(port, TOPICS);
        return new Part(
                "kafka",
                port,
                Map.of("kafka", port, "kafka-controller", controller),
                new Part.Start(command, Map.of(), data),
                say -> {
                    Links.renew(built.resolve("kafka"), jars.resolve("kafka"));
                    Links.renew(built.resolve("lib"), jars.resolve("lib"));
                    Files.writeString(settings, settings(port, controller, folder));
                    format(java, settings, folder, say);
                },
                probe,
                probe,
                List.of(),
                List.of(),
                "TERM");
    }

    private static String settings(int port, int controller, Path folder) {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                controller.listener.names=CONTROLLER
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                log.dirs=%3$s
                auto.create.topics.enable=true
                num.partitions=2
                default.replication.factor=1
                offsets.topic.num.partitions=8
                offsets.topic.replication.factor=1
                transaction.state.log.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                share.coordinator.state.topic.num.partitions=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                num.network.threads=2
                # Each of these threads wakes several times a second, with or without work; more than two have none on a laptop.
                num.io.threads=2
                group.coordinator.threads=1
                # The records by which brokers elsewhere know that their controller lives; here it is the same process.
                metadata.max.idle.interval.ms=5000
                log.cleaner.dedupe.buffer.size=16777216
                """.formatted(port, controller, folder);
    }

    private static void format(List<String> java, Path settings, Path folder, Consumer<String> say) throws IOException {
        if (Files.exists(folder.resolve("meta.properties"))) {
            return;
        }
        say.accept("formats its data folder");
        Host.delete(folder);
        List<String> format = new ArrayList<>(java);
        format.addAll(List.of(
                "kafka.tools.StorageTool",
                "format",
                // Not a separate argument: an id may begin with a dash.
                "--cluster-id=" + StackSecrets.base64url(16),
                "--config",
                settings.toString()));
        Host.must(format, null);
    }
}
