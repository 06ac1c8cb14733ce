package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Lists, and who is in them. */
@ExtendWith(Stack.class)
@Tag("FR-013")
@Tag(Stack.BESIDE_ANOTHER)
class ListsIT {
    @Test
    void askedTenTimesAtOnceANewcomerHasOneInbox() throws Exception {
        Person alice = Person.like("alice");
        assertEquals(
                1,
                Person.atOnce(10, i -> () -> alice.api().get("/api/me")).stream()
                        .map(answer -> answer.with(200).path("inbox").asText())
                        .distinct()
                        .count());
        JsonNode lists = alice.api().get("/api/lists").with(200).path("lists");
        assertEquals(1, lists.size());
        assertEquals("Inbox", lists.at("/0/name").asText());
        assertEquals(Api.JSON.valueToTree(Map.of(alice.name(), "owner")), lists.at("/0/members"));
    }

    @Test
    void anInboxIsNobodyElses() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        String inbox = "/api/lists/"
                + alice.api().get("/api/me").with(200).path("inbox").asText();
        alice.api()
                .put(inbox + "/members/" + bob.name(), Map.of("role", "viewer"))
                .with(409);
        alice.api().delete(inbox).with(409);
        alice.api().delete(inbox + "/members/" + alice.name()).with(409);
        bob.api().get(inbox).with(404);
    }

    @Test
    void aViewerReadsAndChangesNothing() throws Exception {
        Person alice = Person.like("alice");
        Person viewer = Person.like("viewer");
        String list = alice.list("viewer", viewer);
        String own = viewer.list("editor");
        String task = "/api/tasks/" + alice.task(list, "x").path("id").asText();
        String theirs = "/api/tasks/" + viewer.task(own, "y").path("id").asText();
        long before = alice.seq(list);
        for (String read : List.of(
                task,
                task + "/history",
                "/api/lists/" + list,
                "/api/lists/" + list + "/changes",
                "/api/audit?list=" + list,
                "/api/audit/verify?list=" + list)) {
            viewer.api().get(read).with(200);
        }
        viewer.api().post("/api/tasks", Map.of("list", list, "title", "z")).with(403);
        viewer.api().patch(task, Map.of("title", "z")).with(403);
        viewer.api().patch(task, Map.of("list", own)).with(403);
        viewer.api().patch(theirs, Map.of("list", list)).with(403);
        viewer.api().delete(task).with(403);
        viewer.api().post(task + "/complete", null).with(403);
        viewer.api().post(task + "/reopen", null).with(403);
        viewer.api().patch("/api/lists/" + list, Map.of("name", "z")).with(403);
        viewer.api().delete("/api/lists/" + list).with(403);
        viewer.api()
                .put("/api/lists/" + list + "/members/" + viewer.name(), Map.of("role", "editor"))
                .with(403);
        viewer.api().delete("/api/lists/" + list + "/members/" + alice.name()).with(403);
        assertEquals(before, alice.seq(list));
        assertEquals(own, viewer.api().get(theirs).with(200).path("list").asText());
    }

    @Test
    void whoHasNeverSignedInCanBeSharedWithAndLeave() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        Person ghost = Person.like("ghost");
        alice.share(list, "editor", ghost);
        alice.share(list, "editor", ghost);
        assertEquals(2, ghost.api().get("/api/lists").with(200).path("lists").size());
        ghost.task(list, "by the ghost");
        ghost.api().delete("/api/lists/" + list + "/members/" + ghost.name()).with(204);
        ghost.api().get("/api/lists/" + list).with(404);
        alice.api().delete("/api/lists/" + list + "/members/" + alice.name()).with(409);
        assertEquals(
                List.of("list.created", "list.shared", "task.created", "list.unshared"),
                StreamSupport.stream(alice.changes(list, 0).spliterator(), false)
                        .map(change -> change.path("event").asText())
                        .toList());
    }

    @Test
    void aDeletedListIsGoneWithItsTasks() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        String list = alice.list("editor", bob);
        String task = "/api/tasks/" + bob.task(list, "x").path("id").asText();
        bob.api().delete("/api/lists/" + list).with(403);
        alice.api().delete("/api/lists/" + list).with(204);
        alice.api().delete("/api/lists/" + list).with(204);
        for (Person either : List.of(alice, bob)) {
            either.api().get(task).with(404);
            either.api().delete(task).with(404);
            either.api().get("/api/lists/" + list).with(404);
            either.api().get("/api/lists/" + list + "/changes").with(404);
            either.api().get("/api/audit?list=" + list).with(404);
            assertEquals(
                    0, either.api().get("/api/tasks").with(200).path("total").asInt());
            assertEquals(
                    1, either.api().get("/api/lists").with(200).path("lists").size());
        }
        alice.api().post("/api/tasks", Map.of("list", list, "title", "y")).with(422);
    }

    @Test
    @Tag("FR-005")
    void changesAreNumberedWithoutAHole() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        for (int i = 0; i < 5; i++) {
            alice.task(list, "task " + i);
        }
        assertEquals(
                LongStream.rangeClosed(3, 6).boxed().toList(),
                StreamSupport.stream(alice.changes(list, 2).spliterator(), false)
                        .map(change -> change.path("seq").asLong())
                        .toList());
        assertEquals(0, alice.changes(list, 6).size());
        assertEquals(0, alice.changes(list, 1_000).size());
    }
}
