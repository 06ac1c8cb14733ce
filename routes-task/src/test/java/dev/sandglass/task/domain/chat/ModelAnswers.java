package dev.sandglass.task.domain.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import java.util.List;

/** Answers of a language model, in the form of Dapr's Conversation API. */
public final class ModelAnswers {
    private ModelAnswers() {}

    /** It wishes one thing. */
    public static String call(String tool, String arguments) {
        return calls(one(tool, arguments));
    }

    /** It makes several calls at once. */
    public static String calls(ObjectNode... calls) {
        ObjectNode message = Json.object();
        message.putArray("toolCalls").addAll(List.of(calls));
        return answer("tool_calls", message);
    }

    /** One of several calls. */
    public static ObjectNode one(String tool, String arguments) {
        ObjectNode call = Json.object().put("id", "c1");
        call.putObject("function").put("name", tool).put("arguments", arguments);
        return call;
    }

    /** It talks. */
    public static String says(String text) {
        return answer("stop", Json.object().put("content", text));
    }

    private static String answer(String reason, ObjectNode message) {
        ObjectNode answer = Json.object();
        answer.putArray("outputs")
                .addObject()
                .putArray("choices")
                .addObject()
                .put("finishReason", reason)
                .set("message", message);
        return answer.toString();
    }
}
