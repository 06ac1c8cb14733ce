package dev.sandglass.task.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Ledger;
import dev.sandglass.task.usecase.Request;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** {@code POST /api/live/ticket} */
@Singleton
@Named("liveTicket")
public class LiveTicket {
    private final Tokens tokens;
    private final Ledger ledger;
    private final String url;

    LiveTicket(Tokens tokens, Ledger ledger, @ConfigProperty(name = "sandglass.live.url") String url) {
        this.tokens = tokens;
        this.ledger = ledger;
        this.url = url;
    }

    /** The user as a part of a path. */
    public String userPath(@ExchangeProperty("request") Request request) {
        return URLEncoder.encode(request.user(), UTF_8).replace("+", "%20");
    }

    /**
     * @param sockets {@code {"open","limit"}} as <em>sync</em> counts them, empty where it cannot be asked
     * @throws Problem 429
     */
    public void checkRoom(@Body String sockets) {
        JsonNode counted = Json.read(sockets, JsonNode.class);
        if (counted.path("open").asInt() >= counted.path("limit").asInt(Integer.MAX_VALUE)) {
            throw new Problem(429, "A user may hold " + counted.path("limit").asInt() + " connections");
        }
    }

    public Answer ticket(@ExchangeProperty("request") Request request) {
        return ledger.once(
                request.once(),
                () -> Answer.ok(Json.object().put("url", url + "?ticket=" + tokens.ticket(request.user()))));
    }
}
