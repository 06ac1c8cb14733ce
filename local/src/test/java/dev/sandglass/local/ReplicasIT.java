package dev.sandglass.local;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two replicas of every service at once keep every promise, also when one of them dies. */
@Order(101)
@Tag("US-4")
@Tag("FR-002")
@Tag("FR-005")
@Tag("FR-012")
@Tag("SC-006")
@Tag(Stack.BESIDE_ANOTHER)
@ExtendWith(Stack.class)
class ReplicasIT {
    private static final String[] SECOND = {"task-2", "recurrence-2", "reminder-2", "audit-2", "sync-2"};

    @BeforeAll
    static void two() throws Exception {
        Stack.start(SECOND);
    }

    @AfterAll
    static void one() throws Exception {
        Stack.stop(SECOND);
    }

    @Test
    void withTwoOfEachServiceAllPromisesHoldAlsoWhenOneDies() throws Exception {
        FaultInjection faults = new FaultInjection();
        try {
            faults.heal();
            eachEventIsForOneReplicaOfAService();
            String otherPage = "http://localhost:" + port("task-2", "public");
            String sync = ":" + port("sync", "sync") + "/";
            String otherSync = ":" + port("sync-2", "sync-2") + "/";
            try (Traffic traffic = new Traffic(
                    1,
                    List.of(Stack.PAGE, otherPage),
                    List.of(UnaryOperator.identity(), address -> address.replace(sync, otherSync)))) {
                faults.oneByOne(
                        traffic::answered,
                        "task-2",
                        "sync",
                        "recurrence audit-2",
                        "reminder",
                        "sync-2 audit",
                        "task-2-sidecar",
                        "task reminder-2");
                faults.heal();
                traffic.check();
                FaultInjection.say("two replicas: %d faults, %s", faults.count(), traffic.summary());
            }
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + faults.story(), e);
        }
    }

    private static void eachEventIsForOneReplicaOfAService() throws Exception {
        try (Admin kafka = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + (19092 + Stack.OFFSET)))) {
            for (String group : List.of("recurrence", "reminder", "audit")) {
                FaultInjection.await("both replicas are in the group " + group, () -> {
                    int members = kafka.describeConsumerGroups(List.of(group))
                            .all()
                            .get()
                            .get(group)
                            .members()
                            .size();
                    return members >= 2;
                });
            }
            FaultInjection.await(
                    "each replica of sync hears every change, in a group of its own",
                    () -> kafka.listConsumerGroups().all().get().stream()
                                    .filter(group -> group.groupId().matches("sync(-2)?-[0-9a-f]+"))
                                    .count()
                            == 2);
        }
    }

    private static int port(String part, String name) throws Exception {
        return Stack.control().part(part).path("ports").path(name).asInt();
    }
}
