package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Somebody with something to hide, and those who are near: an editor, a viewer and a former member of their shared list, a stranger, an
 * operator, and a calm user whom the former member has worked with. In all that is hidden there are words that are nowhere else.
 */
final class Victim {
    static final String NOBODY = "nobody";
    /** A word of the titles that an attacker may know. */
    static final String KNOWN = "xylophone";

    private static final Duration SOON = Duration.ofSeconds(30);

    final Person victim = Person.like("victim");
    final Person calm = Person.like("calm");
    /** By what they are to the victim. */
    final Map<String, Person> others = new HashMap<>();

    /** A word to those who may read it, by what they are to the victim. */
    final Map<String, Set<String>> canaries = new LinkedHashMap<>();

    /** In what the calm user writes while the attack is on. */
    final String calmCanary = canary("calm", Set.of());

    final String secret;
    final String shared;
    final String calmList;
    /** The victim's tasks in the secret list, one of them deleted, and in the shared one. */
    final List<String> secretTasks = new ArrayList<>();

    final List<String> sharedTasks = new ArrayList<>();
    final String reminder;
    /** A question that the victim was asked and has not answered. */
    final String conversation;
    /** The key with which the victim completed a task. */
    final String idempotencyKey = UUID.randomUUID().toString();

    /** The victim's, of the tasks and of the audit. */
    final List<String> cursors = new ArrayList<>();

    /** A list and a task of the stranger's own. */
    final String strangersList;

    final String strangersTask;

    Victim() throws Exception {
        for (String role : List.of("editor", "viewer", "former", "stranger")) {
            others.put(role, Person.like(role));
        }
        String operator = Person.like("operator").name();
        others.put("operator", new Person(operator, Api.as(operator, Stack.PAGE, "operator")));

        Api api = victim.api();
        secret = list(canary("secret-list", Set.of()));
        shared = list(canary("shared-list", Set.of("editor", "viewer")));
        fill(secret, "secret", Set.of(), secretTasks);
        fill(shared, "shared", Set.of("editor", "viewer"), sharedTasks);
        String deleted = task(secret, canary("deleted", Set.of()));
        api.delete("/api/tasks/" + deleted).with(204);
        secretTasks.add(deleted);
        String renamed = task(secret, canary("old-title", Set.of()));
        api.patch("/api/tasks/" + renamed, Map.of("title", "renamed")).with(200);
        secretTasks.add(renamed);
        api.send(
                        "POST",
                        "/api/tasks/" + secretTasks.get(0) + "/complete",
                        null,
                        Map.of("Idempotency-Key", idempotencyKey))
                .with(200);
        api.post("/api/tasks/" + secretTasks.get(0) + "/reopen", null).with(200);
        conversation = api.post("/api/chat", Map.of("message", "done with " + KNOWN))
                .with(200)
                .path("conversation")
                .asText();

        victim.share(shared, "editor", others.get("editor"));
        victim.share(shared, "viewer", others.get("viewer"));
        victim.share(shared, "editor", others.get("former"));
        api.delete("/api/lists/" + shared + "/members/" + others.get("former").name())
                .with(204);
        calmList = calm.list("editor", others.get("former"));

        // The reminder is of the list that is nobody else's: an editor may snooze those of the shared one.
        String reminders = "/api/reminders?task=" + secretTasks.get(1);
        Stack.await(
                "the audit and the reminders",
                SOON,
                () -> verified(victim, secret)
                        && verified(victim, shared)
                        && !api.get(reminders).with(200).path("reminders").isEmpty());
        reminder = api.get(reminders).with(200).at("/reminders/0/id").asText();
        for (String path : List.of("/api/tasks", "/api/audit")) {
            cursors.add(api.get(path + "?limit=1").with(200).path("next").asText());
        }
        strangersList = others.get("stranger").list("editor");
        strangersTask =
                others.get("stranger").task(strangersList, "own").path("id").asText();
    }

    private String canary(String of, Set<String> readers) {
        // A tag has 50 characters at most.
        String canary = "canary-" + of + "-" + UUID.randomUUID().toString().substring(0, 18);
        canaries.put(canary, readers);
        return canary;
    }

    private String list(String name) throws Exception {
        return victim.api()
                .post("/api/lists", Map.of("name", name))
                .with(201)
                .path("id")
                .asText();
    }

    private String task(String list, String title) throws Exception {
        return victim.task(list, title).path("id").asText();
    }

    private void fill(String list, String of, Set<String> readers, List<String> into) throws Exception {
        for (int i = 0; i < 2; i++) {
            into.add(victim.task(
                            list,
                            KNOWN + " " + canary(of + "-title", readers),
                            "description",
                            canary(of + "-description", readers),
                            "tags",
                            List.of(canary(of, readers)),
                            "due",
                            "2037-01-01T00:00:00",
                            "reminders",
                            List.of("-PT1H"))
                    .path("id")
                    .asText());
        }
    }

    /** The audit has every change of a list, unaltered. */
    static boolean verified(Person owner, String list) throws Exception {
        return owner.api()
                .get("/api/audit/verify?list=" + list)
                .with(200)
                .path("complete")
                .asBoolean();
    }

    /** The words in a text that somebody may not read. */
    List<String> leaked(String who, String text) {
        // Most texts have none, and the first letters are those of all.
        return text.contains("canary-")
                ? canaries.entrySet().stream()
                        .filter(canary -> !canary.getValue().contains(who) && text.contains(canary.getKey()))
                        .map(Map.Entry::getKey)
                        .toList()
                : List.of();
    }

    /** All that the victim sees, to be the same afterwards. */
    Map<String, JsonNode> everything() throws Exception {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        for (String path : List.of(
                "/api/me",
                "/api/lists",
                "/api/tasks?limit=500",
                "/api/reminders",
                "/api/audit?limit=500",
                "/api/lists/" + secret + "/changes?after=0",
                "/api/lists/" + shared + "/changes?after=0")) {
            all.put(path, victim.api().get(path).with(200));
        }
        return all;
    }
}
