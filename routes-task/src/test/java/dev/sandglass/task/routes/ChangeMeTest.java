package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.User;
import dev.sandglass.task.domain.Users;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Users change their own settings whatever the store answers, and two devices change two fields. */
@Tag("FR-012")
class ChangeMeTest {
    private static final Request ALICE = new Request("alice", Set.of(), null, null, Instant.now());

    private final MemoryDapr dapr = new MemoryDapr(1);
    private final Replica one = new Replica(dapr).start();
    private final Replica two = new Replica(dapr).start();
    private final Users users = new Users(ZoneOffset.UTC);
    private String inbox = "";

    @BeforeEach
    void known() {
        inbox = String.valueOf(one.<User>write(users.giveInbox("alice")).inbox());
    }

    @AfterEach
    void stop() {
        one.stop();
        two.stop();
    }

    @ParameterizedTest
    @EnumSource(Mishap.class)
    void whatGoesWrongOnceIsDone(Mishap mishap) {
        dapr.next(mishap);
        assertEquals(inbox, change(one, mute()).at("/muted/0").asText());
        assertEquals(inbox, change(two, zone()).at("/muted/0").asText());
    }

    @Test
    void twoDevicesChangeTwoFieldsAtOnce() throws Exception {
        ExecutorService devices = Executors.newFixedThreadPool(2);
        for (var changed : devices.invokeAll(IntStream.range(0, 20)
                .mapToObj(i -> (Callable<JsonNode>) () -> i % 2 == 0 ? change(one, mute()) : change(two, zone()))
                .toList())) {
            changed.get();
        }
        devices.shutdown();
        JsonNode me = one.<Answer>decide(Users.get(one.<User>decide(users.find(ALICE))))
                .body();
        assertEquals("Asia/Tokyo", me.path("timeZone").asText());
        assertEquals(inbox, me.at("/muted/0").asText());
    }

    private ObjectNode mute() {
        return Json.object().set("muted", Json.tree(List.of(inbox)));
    }

    private static ObjectNode zone() {
        return Json.object().put("timeZone", "Asia/Tokyo");
    }

    private JsonNode change(Replica replica, JsonNode patch) {
        return replica.<Answer>write(users.change(ALICE, patch)).body();
    }
}
