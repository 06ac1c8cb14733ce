package dev.sandglass.task.routes.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.task.domain.Answer;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import org.apache.camel.Body;

/** {@code POST /api/dev/token} */
@Singleton
@Named("devToken")
public class DevToken {
    private final Tokens tokens;

    DevToken(Tokens tokens) {
        this.tokens = tokens;
    }

    /**
     * @param wanted {@code {"user","roles"?}}, held against its schema
     * @throws Problem 404 outside the local profile
     */
    public Answer issue(@Body JsonNode wanted) {
        if (!tokens.local()) {
            throw new Problem(404, "There is nothing here");
        }
        List<String> roles =
                wanted.path("roles").valueStream().map(JsonNode::asText).toList();
        return Answer.ok(
                Json.object().put("token", tokens.issue(wanted.path("user").asText(), roles)));
    }
}
