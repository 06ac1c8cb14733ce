package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.task.domain.TaskFields;
import dev.sandglass.task.domain.User;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Ledger;
import dev.sandglass.task.ledger.Once;
import dev.sandglass.task.ledger.Users;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.ZoneId;
import java.util.TreeSet;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** {@code GET} and {@code PATCH /api/me} */
@Singleton
@Named("me")
public class Me {
    private final Ledger ledger;
    private final Users users;

    Me(Ledger ledger, Users users) {
        this.ledger = ledger;
        this.users = users;
    }

    public Answer get(@ExchangeProperty("request") Request request) {
        return answer(users.of(request.user()));
    }

    /**
     * @param patch {@code {"timeZone"}}, held against its schema; existing tasks keep their zone
     * @throws Problem 422 for a zone that is not there
     */
    public Answer change(@ExchangeProperty("request") Request request, @Body JsonNode patch) {
        User user = users.of(request.user());
        ZoneId zone = zone(patch, user.timeZone(), users.defaultZone());
        return ledger.write(new TreeSet<>(), Once.guard(request.once(), draft -> {
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
            throw Problem.wrong("/timeZone", String.valueOf(e.getMessage()));
        }
    }

    private static Answer answer(User user) {
        return Answer.ok(Json.object()
                .put("user", user.user())
                .put("timeZone", user.timeZone().getId())
                .put("inbox", user.inbox()));
    }
}
