package dev.sandglass.support.kamelets;

import dev.sandglass.support.AnswerHeaders;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.apache.camel.Exchange;

/** Lets in all headers of a foreign server, whose names we do not choose, but not Camel's own. None goes further than its check. */
@Singleton
@Named("webhookHeaders")
public class WebhookHeaders extends AnswerHeaders {
    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return name.toLowerCase(Locale.ROOT).startsWith("camel");
    }
}
