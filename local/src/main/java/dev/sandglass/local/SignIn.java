package dev.sandglass.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Tokens of the local profile, which every user of this machine may have. */
final class SignIn {
    /** The demo user who is an operator. */
    static final String OPERATOR = "olga";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private SignIn() {}

    /** @param page the public origin */
    static String token(String page, String user, boolean operator) throws IOException, InterruptedException {
        ObjectNode wanted = JSON.createObjectNode().put("user", user);
        if (operator) {
            wanted.putArray("roles").add("operator");
        }
        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(page + "/api/dev/token"))
                        .timeout(Duration.ofSeconds(10))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(wanted.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("signing in as " + user + ": status " + answer.statusCode());
        }
        return JSON.readTree(answer.body()).path("token").asText();
    }
}
