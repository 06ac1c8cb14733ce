package dev.sandglass.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts the pieces of a socket's messages together. */
final class Ear implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final Consumer<JsonNode> frames;
    private final Consumer<String> end;

    /** @param end is told once why nothing more comes */
    Ear(Consumer<JsonNode> frames, Consumer<String> end) {
        this.frames = frames;
        this.end = end;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            try {
                frames.accept(Client.JSON.readTree(text.toString()));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("not JSON: " + text, e);
            } finally {
                text.setLength(0);
            }
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        end.accept("closed with " + code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        end.accept(String.valueOf(error));
    }
}
