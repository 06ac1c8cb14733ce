package dev.sandglass.support.kamelets;

import dev.sandglass.support.AnswerHeaders;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.apache.camel.Exchange;

/** A foreign server's headers have names we do not choose. They come in, all but Camel's own, and none goes further than its check. */
@Singleton
@Named("webhookHeaders")
public class WebhookHeaders extends AnswerHeaders {
    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return name.toLowerCase(Locale.ROOT).startsWith("camel");
    }
}
