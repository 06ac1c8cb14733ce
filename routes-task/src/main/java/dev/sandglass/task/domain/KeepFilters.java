package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.SavedFilters.Saved;
import java.util.Set;
import java.util.function.Function;

/** Saved filters: each user's own, nobody else's. */
public final class KeepFilters {
    private static final String USUAL_SORT = "created";

    private KeepFilters() {}

    public static Decision<Answer> all(Request request) {
        return documents -> Accepted.unchanged(Answer.ok(Json.object()
                .set(
                        "filters",
                        Json.<JsonNode>tree(
                                SavedFilters.of(documents, request.user()).filters()))));
    }

    /**
     * @param wanted {@code {"name","filter","sort"}}, held against its schema
     * @throws Rejection INVALID for a name nobody can see, and where there are too many
     */
    public static Write<Answer> add(Request request, JsonNode wanted) {
        Saved made = merged(new Saved(Ids.random(), "", "", USUAL_SORT), wanted);
        return write(request, draft -> {
            draft.putOwn(
                    Keys.filters(request.user()),
                    SavedFilters.of(draft.read(), request.user()).with(made));
            return new Answer(Json.tree(made), "filters/" + made.id(), null);
        });
    }

    /**
     * @param patch of {@code {"name","filter","sort"}}, held against its schema
     * @throws Rejection NOT_FOUND, INVALID as for a new one
     */
    public static Write<Answer> change(Request request, JsonNode patch) {
        return write(request, draft -> {
            SavedFilters all = SavedFilters.of(draft.read(), request.user());
            Saved changed = merged(find(all, request.id()), patch);
            draft.putOwn(Keys.filters(request.user()), all.with(changed));
            return Answer.ok(changed);
        });
    }

    /** @throws Rejection NOT_FOUND */
    public static Write<Answer> remove(Request request) {
        return write(request, draft -> {
            SavedFilters all = SavedFilters.of(draft.read(), request.user());
            draft.putOwn(Keys.filters(request.user()), all.without(find(all, request.id())));
            return Answer.done();
        });
    }

    private static Write<Answer> write(Request request, Function<Draft, Answer> decision) {
        return Once.guard(request.once(), Write.alone(Set.of(), decision).lookingAt(Keys.filters(request.user())));
    }

    private static Saved find(SavedFilters all, String id) {
        return all.find(id).orElseThrow(() -> new Rejection(Reason.NOT_FOUND, "There is no such filter"));
    }

    private static Saved merged(Saved before, JsonNode patch) {
        JsonNode sort = patch.path("sort");
        return new Saved(
                before.id(),
                patch.has("name") ? Access.name(patch.path("name").asText()) : before.name(),
                patch.path("filter").asText(before.filter()),
                sort.isNull() ? USUAL_SORT : sort.asText(before.sort()));
    }
}
