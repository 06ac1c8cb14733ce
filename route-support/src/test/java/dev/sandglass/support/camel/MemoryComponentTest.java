package dev.sandglass.support.camel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.memory.Backlog;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A route that begins with work that waits in memory. */
@Tag("FR-012")
class MemoryComponentTest {
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final BlockingQueue<String> work = new LinkedBlockingQueue<>();
    private final List<String> done = new CopyOnWriteArrayList<>();

    private void begin(String uri) throws Exception {
        camel.addComponent("memory", new MemoryComponent());
        camel.getRegistry().bind("work", (Backlog) longest -> work.poll(longest.toMillis(), TimeUnit.MILLISECONDS));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri).process(exchange -> {
                    String body = exchange.getMessage().getBody(String.class);
                    if (body.startsWith("broken")) {
                        throw new IllegalStateException(body);
                    }
                    done.add(body);
                });
            }
        });
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private void awaitDone(int many) throws InterruptedException {
        for (int i = 0; i < 1_000 && done.size() < many; i++) {
            Thread.sleep(5);
        }
        assertEquals(many, done.size());
    }

    @Test
    void whatWaitsIsDoneInOrder() throws Exception {
        begin("memory:work");
        work.addAll(List.of("a", "b", "c"));
        awaitDone(3);
        assertEquals(List.of("a", "b", "c"), done);
    }

    @Test
    void whatFailsDoesNotEndTheFlow() throws Exception {
        begin("memory:work");
        work.addAll(List.of("a", "broken", "b"));
        awaitDone(2);
        assertEquals(List.of("a", "b"), done);
    }

    @Test
    void severalConsumersWorkSideBySideEachUnderItsNumber() throws Exception {
        Set<Object> numbers = ConcurrentHashMap.newKeySet();
        CountDownLatch together = new CountDownLatch(3);
        camel.addComponent("memory", new MemoryComponent());
        camel.getRegistry().bind("work", (Backlog) longest -> work.poll(longest.toMillis(), TimeUnit.MILLISECONDS));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("memory:work?consumers=3").process(exchange -> {
                    numbers.add(exchange.getProperty(MemoryComponent.CONSUMER));
                    together.countDown();
                    assertTrue(together.await(5, TimeUnit.SECONDS));
                });
            }
        });
        camel.start();
        work.addAll(List.of("a", "b", "c"));
        assertTrue(together.await(5, TimeUnit.SECONDS));
        assertEquals(Set.of(0, 1, 2), numbers);
    }

    @Test
    void whatIsUnderWayIsFinishedBeforeTheRouteStops() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        camel.addComponent("memory", new MemoryComponent());
        camel.getRegistry().bind("work", (Backlog) longest -> work.poll(longest.toMillis(), TimeUnit.MILLISECONDS));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("memory:work").process(exchange -> {
                    begun.countDown();
                    Thread.sleep(200);
                    done.add(exchange.getMessage().getBody(String.class));
                });
            }
        });
        camel.start();
        work.add("a");
        assertTrue(begun.await(5, TimeUnit.SECONDS));
        long from = System.nanoTime();
        camel.stop();
        assertEquals(List.of("a"), done);
        assertTrue(Duration.ofNanos(System.nanoTime() - from).toMillis() < 5_000);
    }

    @Test
    void whoWaitsForWorkHoldsUpNoStop() throws Exception {
        CountDownLatch waiting = new CountDownLatch(4);
        camel.addComponent("memory", new MemoryComponent());
        camel.getRegistry().bind("work", (Backlog) longest -> {
            waiting.countDown();
            return work.poll(1, TimeUnit.HOURS);
        });
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("memory:work?consumers=4").log("${body}");
            }
        });
        camel.start();
        waiting.await();
        long from = System.nanoTime();
        camel.stop();
        // Camel would wait for ten seconds.
        assertTrue(Duration.ofNanos(System.nanoTime() - from).toSeconds() < 8);
    }

    @Test
    void aRouteFromNothingDoesNotStart() {
        camel.addComponent("memory", new MemoryComponent());
        assertThrows(FailedToStartRouteException.class, () -> {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("memory:nothing").to("log:none");
                }
            });
            camel.start();
        });
    }
}
