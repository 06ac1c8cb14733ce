package dev.sandglass.task.routes;

import dev.sandglass.support.AnswerHeaders;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.Exchange;

/** Lets in and out what CalDAV has beside the headers of the API. */
@Singleton
@Named("davHeaders")
public class DavHeaders extends AnswerHeaders {
    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !name.equalsIgnoreCase("dav") && super.applyFilterToCamelHeaders(name, value, exchange);
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return !name.equalsIgnoreCase("depth") && super.applyFilterToExternalHeaders(name, value, exchange);
    }
}
