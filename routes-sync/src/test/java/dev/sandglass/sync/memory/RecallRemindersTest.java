package dev.sandglass.sync.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.TaskList;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.routes.Flows;
import dev.sandglass.sync.domain.UserSocket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A user who comes back while reminder is away is still told the fired reminders, a little later. */
@Tag("FR-003")
@Tag("FR-012")
class RecallRemindersTest {
    private static final String LISTS = "{\"lists\":[{\"id\":\"household\",\"name\":\"Household\",\"owner\":\"alice\","
            + "\"members\":{\"alice\":\"owner\",\"bob\":\"viewer\"},\"seq\":1},"
            + "{\"id\":\"muted\",\"name\":\"Muted\",\"owner\":\"carol\",\"members\":{\"alice\":\"viewer\"},\"seq\":1}]}";

    @Test
    void reminderIsAskedAgainUntilItAnswers() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        CountDownLatch answered = new CountDownLatch(1);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Duration second = Duration.ofSeconds(1);
            Sockets sockets = new Sockets(new Fetches(), new SimpleMeterRegistry(), second, second, second, second, 20);
            context.getRegistry().bind("sockets", sockets);
            Flows.load(context, "recall-reminders");
            AdviceWith.adviceWith(context, "sync.socket.recall-reminders", route -> {
                route.weaveByToUri("kamelet:dapr-state-*")
                        .replace()
                        .process(exchange -> exchange.getMessage().setBody(Map.of()));
                route.weaveByToUri(".*app=task.*")
                        .replace()
                        .process(exchange -> exchange.getMessage().setBody("{\"muted\":{\"alice\":[\"muted\"]}}"));
                route.weaveByToUri(".*app=reminder.*").replace().process(exchange -> {
                    asked.add(String.valueOf(exchange.getMessage().getBody()));
                    if (asked.size() == 1) {
                        throw new Unavailable("reminder", null);
                    }
                    exchange.getMessage().setBody("{\"alice\":{\"reminders\":[]}}");
                    answered.countDown();
                });
            });
            context.start();

            context.createProducerTemplate().send("seda:socket.recall-reminders", exchange -> {
                List<UserSocket> came = List.of(new UserSocket("s", "alice"));
                List<TaskList> waits = UserSocket.lists(came, Feeds.lists(LISTS));
                assertFalse(waits.toString().contains("bob"), waits::toString);
                exchange.setProperty("arrivals", came);
                exchange.setProperty("lists", waits);
            });

            assertTrue(answered.await(20, TimeUnit.SECONDS));
            assertEquals(2, asked.size());
            assertEquals(asked.get(0), asked.get(1));
            assertTrue(asked.get(0).contains("\"lists\":[\"household\"]"), asked.get(0));
        }
    }
}
