package dev.sandglass.support.kamelets;

import dev.sandglass.support.Bodies;
import dev.sandglass.support.DaprCalls;
import dev.sandglass.support.yaml.room.WriteShare;
import jakarta.inject.Singleton;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** The {@link DaprCalls} that integrators' routes have: each of the others is missing here, and each of these is granted or refused. */
@Singleton
public class GrantedCalls {
    private static final Pattern TASKS_OF_A_USER = Pattern.compile("internal/users/([A-Za-z0-9._%-]+)/tasks(?:\\?.*)?");

    private final DaprCalls calls;
    private final Granted granted;

    public GrantedCalls(DaprCalls calls, Granted granted) {
        this.calls = calls;
        this.granted = granted;
    }

    /** @throws IllegalStateException when the file has written its share */
    public void publish(Exchange exchange, @ExchangeProperty("topic") String topic) {
        String key = exchange.getMessage().getHeader("ce-key", "", String.class);
        WriteShare.take(
                exchange,
                WriteShare.Sink.BROKER,
                key.length() + Bodies.text(exchange).length());
        calls.publish(exchange, granted.topic(topic));
    }

    public void invoke(
            Exchange exchange,
            @ExchangeProperty("app") String app,
            @ExchangeProperty("verb") String verb,
            @ExchangeProperty("method") String method,
            @ExchangeProperty("limit") String limit) {
        Matcher tasks = TASKS_OF_A_USER.matcher(method);
        if (!app.equals("task") || !tasks.matches() || Granted.climbs(tasks.group(1))) {
            granted.method(app, method);
        } else if (!verb.equals("GET")) {
            WriteShare.take(
                    exchange, WriteShare.Sink.TASKS, Bodies.text(exchange).length());
        }
        calls.invoke(exchange, app, verb, method, limit);
    }

    public void bind(
            Exchange exchange,
            @ExchangeProperty("binding") String binding,
            @ExchangeProperty("operation") String operation,
            @ExchangeProperty("limit") String limit) {
        calls.bind(exchange, granted.binding(binding), operation, limit);
    }

    public void secret(
            Exchange exchange,
            @ExchangeProperty("secretName") String name,
            @ExchangeProperty("property") String property) {
        calls.secret(exchange, granted.secret(name), property);
    }
}
