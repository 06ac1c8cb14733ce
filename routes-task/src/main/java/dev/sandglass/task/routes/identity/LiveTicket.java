package dev.sandglass.task.routes.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.Once;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.Write;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** {@code POST /api/live/ticket} */
@Singleton
@Named("liveTicket")
public class LiveTicket {
    private final Tokens tokens;
    private final String url;
    private final Clock clock = Clock.systemUTC();

    LiveTicket(Tokens tokens, @ConfigProperty(name = "sandglass.live.url") String url) {
        this.tokens = tokens;
        this.url = url;
    }

    /**
     * Has <em>sync</em> count a ticket before it is given. Where the request came with a key, its repeat asks for the same one, which
     * counts once.
     *
     * @return {@code {"user","ticket","until"}}
     */
    public String reservation(@ExchangeProperty("request") Request request) {
        Once once = request.once();
        UUID ticket = once == null
                ? UUID.randomUUID()
                : UUID.nameUUIDFromBytes(once.key().getBytes(UTF_8));
        return Json.object()
                .put("user", request.user())
                .put("ticket", ticket.toString())
                .put(
                        "until",
                        clock.instant()
                                .plus(Duration.ofMinutes(Tokens.TICKET_MINUTES))
                                .toString())
                .toString();
    }

    /**
     * @param counted {@code {"room","limit"}}, as <em>sync</em> answered
     * @throws Problem 429
     */
    public Write<Answer> ticket(
            @ExchangeProperty("request") Request request,
            @ExchangeProperty("reservation") String reservation,
            @Body String counted) {
        JsonNode answer = Json.read(counted, JsonNode.class);
        if (!answer.path("room").asBoolean()) {
            throw new Problem(
                    429,
                    "A user may hold " + answer.path("limit").asInt()
                            + " connections, tickets that are not used yet included; close one, or wait a minute");
        }
        String id = Json.read(reservation, JsonNode.class).path("ticket").asText();
        return Once.guard(
                request.once(), Answer.ok(Json.object().put("url", url + "?ticket=" + tokens.ticket(request, id))));
    }
}
