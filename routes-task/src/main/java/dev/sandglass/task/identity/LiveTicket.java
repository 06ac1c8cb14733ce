package dev.sandglass.task.identity;

import dev.sandglass.events.Json;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Ledger;
import dev.sandglass.task.usecase.Request;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
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

    public Answer ticket(@ExchangeProperty("request") Request request) {
        return ledger.once(
                request.once(),
                () -> Answer.ok(Json.object().put("url", url + "?ticket=" + tokens.ticket(request.user()))));
    }
}
