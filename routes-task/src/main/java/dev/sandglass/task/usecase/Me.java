package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.TaskFields;
import dev.sandglass.task.domain.User;
import dev.sandglass.task.domain.Write;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.ZoneId;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** {@code GET} and {@code PATCH /api/me} */
@Singleton
@Named("me")
public class Me {
    private final Users users;

    Me(Users users) {
        this.users = users;
    }

    public Answer get(@ExchangeProperty("user") User user) {
        return answer(user);
    }

    /**
     * @param patch {@code {"timeZone"}}, held against its schema; existing tasks keep their zone
     * @throws Rejection INVALID for a zone that is not there
     */
    public Write<Answer> change(
            @ExchangeProperty("request") Request request, @ExchangeProperty("user") User user, @Body JsonNode patch) {
        ZoneId zone = zone(patch, user.timeZone(), users.defaultZone());
        return Once.guard(request.once(), Write.alone(Set.of(), draft -> {
            User changed = draft.user(request.user()).orElseThrow().in(zone);
            draft.put(changed);
            return answer(changed);
        }));
    }

    private static ZoneId zone(JsonNode patch, ZoneId current, ZoneId standard) {
        JsonNode wanted = patch.path("timeZone");
        if (wanted.isNull()) {
            return standard;
        }
        try {
            return wanted.isMissingNode() ? current : TaskFields.zone(wanted.asText());
        } catch (IllegalArgumentException e) {
            throw Rejection.wrong("/timeZone", String.valueOf(e.getMessage()));
        }
    }

    private static Answer answer(User user) {
        return Answer.ok(Json.object()
                .put("user", user.user())
                .put("timeZone", user.timeZone().getId())
                .put("inbox", user.inbox()));
    }
}
