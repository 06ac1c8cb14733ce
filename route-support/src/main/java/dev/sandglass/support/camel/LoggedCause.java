package dev.sandglass.support.camel;

import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelLogger;
import org.apache.camel.spi.LogListener;

/** The log of a route says why something failed. Camel puts what fails within a split into a sentence about the split. */
@Singleton
@Named("loggedCause")
public class LoggedCause implements LogListener {
    @Override
    public String onLog(Exchange exchange, CamelLogger logger, String message) {
        Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Throwable cause = caught;
        while (cause instanceof CamelExchangeException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == caught
                ? message
                : message.replace(String.valueOf(caught.getMessage()), String.valueOf(cause.getMessage()));
    }
}
