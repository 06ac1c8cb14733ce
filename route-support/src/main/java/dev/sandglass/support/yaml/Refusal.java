package dev.sandglass.support.yaml;

/**
 * Why a file cannot be taken.
 *
 * @param file its name, without a folder
 * @param line from 1
 * @param reason a sentence for whoever wrote the file
 */
public record Refusal(String file, int line, String reason) {
    private static final int LONGEST = 1_000;

    public Refusal {
        // It may quote what is no text for a log.
        reason = reason.replaceAll("\\p{Cntrl}+", " ");
        reason = reason.length() > LONGEST ? reason.substring(0, LONGEST) + "…" : reason;
    }

    @Override
    public String toString() {
        return file + ":" + line + ": " + reason;
    }
}
