package dev.sandglass.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * A person taken out of the changes of a list. Of a change that was theirs there stays that it was, when, and its place in the chain; in
 * those of others {@link #NAME} stands in the place of the person's name. The hash of the content stays, so the chain can still be verified.
 */
public final class Erased {
    /** In the place of a name; no user is called so. */
    public static final String NAME = "(erased)";
    /** The field of {@code changed} by which a list tells that entries were emptied: {@code [null, {"entries","askedBy"}]}. */
    public static final String TOLD = "erased";

    private static final String MEMBER = "members/";
    private static final String LINK = "links/";
    private static final Set<String> STAYS = Set.of("event", "list", "seq", "at", "actor", "prev", "hash");
    private static final Set<String> STAYS_OF_TASK = Set.of("id", "version");

    private Erased() {}

    /** Tells if a change names a person where names of users stand; what people wrote is not looked through. */
    public static boolean names(JsonNode change, String person) {
        return person.equals(change.path("actor").asText())
                || person.equals(change.at("/task/createdBy").asText())
                || person.equals(change.at("/of/owner").asText())
                || change.path("of").path("members").has(person)
                || change.path("changed").has(MEMBER + person)
                || change.path("changed")
                        .propertyStream()
                        .anyMatch(field -> isLinkOf(field.getKey(), field.getValue(), person));
    }

    private static boolean isLinkOf(String field, JsonNode values, String person) {
        return field.startsWith(LINK)
                && values.valueStream()
                        .anyMatch(link -> person.equals(link.path("user").asText()));
    }

    /**
     * A change without a person.
     *
     * @param all whether the contents go whoever made it: the list was the person's
     */
    public static ObjectNode without(JsonNode change, String person, boolean all) {
        ObjectNode left = change.deepCopy();
        boolean theirs = person.equals(change.path("actor").asText());
        if (theirs) {
            left.put("actor", NAME);
        }
        if (theirs || all) {
            return emptied(left);
        }
        if (left.path("task") instanceof ObjectNode task
                && person.equals(task.path("createdBy").asText())) {
            task.put("createdBy", NAME);
        }
        if (left.path("of") instanceof ObjectNode of) {
            if (person.equals(of.path("owner").asText())) {
                of.put("owner", NAME);
            }
            rename(of.path("members"), person, NAME);
        }
        JsonNode changed = left.path("changed");
        rename(changed, MEMBER + person, MEMBER + NAME);
        changed.propertyStream()
                .filter(field -> isLinkOf(field.getKey(), field.getValue(), person))
                .toList()
                .forEach(field -> field.getValue().forEach(link -> {
                    if (link instanceof ObjectNode named) {
                        named.put("user", NAME);
                    }
                }));
        return left;
    }

    private static ObjectNode emptied(ObjectNode change) {
        JsonNode task = change.path("task");
        JsonNode told = change.path("changed").path(TOLD);
        change.retain(STAYS);
        ObjectNode changed = change.putObject("changed");
        if (!told.isMissingNode()) {
            changed.set(TOLD, told);
        }
        if (task instanceof ObjectNode object) {
            change.set("task", object.retain(STAYS_OF_TASK));
        }
        return change;
    }

    private static void rename(JsonNode holder, String from, String to) {
        if (holder instanceof ObjectNode object && object.has(from)) {
            object.set(to, object.remove(from));
        }
    }

    /** How many entries before it a change says were emptied; 0 for any other change. */
    public static long told(JsonNode changed) {
        return changed.path(TOLD).path(1).path("entries").asLong();
    }

    /** A list tells this. */
    public static List<JsonNode> telling(long entries, String askedBy) {
        return List.of(Json.tree(null), Json.object().put("entries", entries).put("askedBy", askedBy));
    }
}
