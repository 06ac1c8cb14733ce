package dev.sandglass.support.yaml;

import dev.sandglass.support.domain.OneLine;

/**
 * Why a file cannot be taken.
 *
 * @param file its name, without a folder
 * @param line from 1
 * @param reason a sentence for whoever wrote the file
 */
public record Refusal(String file, int line, String reason) {
    public Refusal {
        // It may quote what is no text for a log.
        reason = OneLine.of(reason);
    }

    @Override
    public String toString() {
        return file + ":" + line + ": " + reason;
    }
}
