package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** {@code ./run dead-letters}: the operators' API of dead letters on the command line, as the demo operator. */
final class DeadLettersCommand {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/api/ops/dead-letters";

    private final String page;
    private final PrintStream out;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /** @param page the public origin of the stack */
    DeadLettersCommand(String page, PrintStream out) {
        this.page = page;
        this.out = out;
    }

    /** @return 0; 1 where a letter could not be sent again or a service could not be asked */
    int command(List<String> args) throws IOException, InterruptedException {
        if (args.isEmpty()) {
            return list();
        }
        String id = args.size() == 2 ? args.get(1) : "";
        if (args.get(0).equals("resend") && id.equals("all")) {
            return resendAll();
        }
        if (args.get(0).equals("resend") && !id.isEmpty()) {
            return resend(id);
        }
        if (args.get(0).equals("dismiss") && !id.isEmpty()) {
            call("DELETE", PATH + "/" + id);
            return 0;
        }
        throw new CannotRun("./run dead-letters [resend ID|all | dismiss ID]");
    }

    private int list() throws IOException, InterruptedException {
        int shown = 0;
        String cursor = "";
        JsonNode answer;
        do {
            answer = call("GET", PATH + "?limit=100" + cursor);
            for (JsonNode letter : answer.path("deadLetters")) {
                shown++;
                out.printf(
                        "%s  %s  %s  %s  tried %d times%n    %s%n    %s%n",
                        letter.path("id").asText(),
                        letter.path("last").asText(),
                        letter.path("source").asText(),
                        letter.path("eventId").asText("(no id)"),
                        letter.path("tries").asInt(),
                        letter.path("why").asText(),
                        letter.path("event").asText());
            }
            cursor = "&cursor=" + answer.path("next").asText();
        } while (answer.hasNonNull("next"));
        if (shown == 0) {
            out.println("There are no dead letters.");
        }
        return away(answer);
    }

    private int resend(String id) throws IOException, InterruptedException {
        boolean sent = call("POST", PATH + "/" + id + "/resend").path("sent").asInt() == 1;
        out.println(sent ? id + " was taken." : id + " failed again; ./run dead-letters says why.");
        return sent ? 0 : 1;
    }

    private int resendAll() throws IOException, InterruptedException {
        int sent = 0;
        int failed = 0;
        String cursor = "";
        JsonNode answer;
        do {
            answer = call("POST", PATH + "/resend" + cursor);
            sent += answer.path("sent").asInt();
            failed += answer.path("failed").asInt();
            cursor = "?cursor=" + answer.path("next").asText();
        } while (answer.hasNonNull("next"));
        out.printf("%d taken, %d failed again.%n", sent, failed);
        return Math.max(away(answer), failed == 0 ? 0 : 1);
    }

    private static int away(JsonNode answer) {
        answer.path("away").forEach(service -> System.err.println(service.asText() + " could not be asked."));
        return answer.path("away").isEmpty() ? 0 : 1;
    }

    private JsonNode call(String method, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(page + path))
                        .timeout(Duration.ofSeconds(60))
                        .header("Authorization", "Bearer " + SignIn.token(page, SignIn.OPERATOR, true))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode body = answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
        if (answer.statusCode() >= 400) {
            throw new CannotRun(body.path("detail").asText("status " + answer.statusCode()));
        }
        return body;
    }
}
