package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.KeepFilters;
import dev.sandglass.task.domain.Request;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Filters are saved once, whatever becomes of the answer of the store, and none is lost that another device saves. */
@Tag("FR-012")
class KeepFiltersTest {
    private final MemoryDapr dapr = new MemoryDapr(1);
    private final Replica one = new Replica(dapr).start();
    private final Replica two = new Replica(dapr).start();

    @AfterEach
    void stop() {
        one.stop();
        two.stop();
    }

    @ParameterizedTest
    @EnumSource(Mishap.class)
    void whatGoesWrongOnceIsDoneOnce(Mishap mishap) {
        dapr.next(mishap);
        String id = add(one, "a");
        assertEquals(1, all().size());
        dapr.next(mishap);
        one.write(KeepFilters.change(request(id), Json.object().put("name", "b")));
        assertEquals("b", all().at("/0/name").asText());
        dapr.next(mishap);
        one.<Answer>write(KeepFilters.remove(request(id)));
        assertEquals(0, all().size());
        assertEquals(
                Reason.NOT_FOUND,
                assertThrows(Rejection.class, () -> one.write(KeepFilters.remove(request(id))))
                        .reason());
    }

    @Test
    void devicesSaveAtOnce() throws Exception {
        ExecutorService devices = Executors.newFixedThreadPool(4);
        for (var saved : devices.invokeAll(IntStream.range(0, 40)
                .mapToObj(i -> (Callable<String>) () -> add(i % 2 == 0 ? one : two, "f" + i))
                .toList())) {
            saved.get();
        }
        devices.shutdown();
        assertEquals(40, all().size());
    }

    private static String add(Replica replica, String name) {
        ObjectNode wanted = Json.object().put("name", name).put("filter", "title = a");
        return replica.<Answer>write(KeepFilters.add(request(""), wanted))
                .body()
                .path("id")
                .asText();
    }

    private JsonNode all() {
        return two.<Answer>decide(KeepFilters.all(request(""))).body().path("filters");
    }

    private static Request request(String id) {
        return new Request("alice", Set.of(), null, null, Instant.now()).about(id);
    }
}
