package dev.nstm.apps.dpc;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.instrument.RawPictures;
import dev.nstm.apps.instrument.ShotWindow;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.imaging.Background;
import dev.nstm.imaging.SmoothSurface;
import dev.nstm.optics.Grid2D;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Shots as relative deviations from the background.
 *
 * @param images the shots
 * @param notice how the background was found, where the configuration left that open
 */
record FlatField(List<Grid2D> images, Optional<String> notice) {
    /**
     * @param raw shots as read, cropped and cleaned
     * @param name of their file, for messages
     */
    static FlatField of(Configuration c, List<Grid2D> raw, String name) throws IOException {
        String background = c.get(DpcKeys.DATA_BACKGROUND);
        boolean counts = Background.isCounts(raw);
        if (c.find(DpcKeys.DATA_BACKGROUND_FILE).isPresent()) {
            require(
                    background.equals("auto"),
                    "data.backgroundFile and data.background: %s exclude each other; leave one away",
                    background);
            require(
                    counts,
                    "%s holds relative deviations from the background already (many pixels are negative); leave data.backgroundFile away",
                    name);
            return divided(c, raw, c.get(DpcKeys.DATA_BACKGROUND_FILE), name);
        }
        boolean divides = !background.equals("auto") && !background.equals("none");
        require(
                counts || !divides,
                "%s holds relative deviations from the background already (many pixels are negative): data.background: %s would divide them by about zero; leave it away",
                name,
                background);
        require(
                !counts || !background.equals("none"),
                "%s holds counts of a camera (no pixel is negative), but data.background: none takes them for relative deviations from the background, I / I0 - 1; leave it away",
                name);
        return switch (background) {
            case "mean" ->
                new FlatField(raw.stream().map(Background::divideByMean).toList(), Optional.empty());
            case "blur" ->
                new FlatField(
                        raw.stream()
                                .map(image -> Background.divideByBlur(image, c.get(DpcKeys.DATA_BACKGROUND_BLUR)))
                                .toList(),
                        Optional.empty());
            default -> counts ? levelled(raw) : new FlatField(raw, Optional.empty());
        };
    }

    private static FlatField levelled(List<Grid2D> raw) {
        SmoothSurface.Light light = SmoothSurface.light(raw);
        String surface = light.order() == 0 ? "an even light" : "a smooth surface of order " + light.order();
        String notice = "the shots are counts of a camera: divided by " + surface
                + (light.common() ? ", one for all," : ", one for each,")
                + " found under the specimen (a picture of the empty field, data.backgroundFile, is better)";
        return new FlatField(
                IntStream.range(0, raw.size())
                        .mapToObj(shot -> Background.divideBySurface(
                                raw.get(shot), light.surfaces().get(shot)))
                        .toList(),
                Optional.of(notice));
    }

    private static FlatField divided(Configuration c, List<Grid2D> raw, String file, String name) throws IOException {
        List<Grid2D> fields =
                ImageFiles.read(ImageFiles.named(file), RawPictures.selection(c, true, false)).grey().stream()
                        .map(field -> RawPictures.cleaned(c, field))
                        .toList();
        Optional<ShotWindow> window = ShotWindow.of(c);
        require(
                fields.size() == 1 || window.isPresent() || raw.size() % fields.size() == 0,
                "%s (data.backgroundFile) holds %d pictures; one is needed, or one for each of the %d shots of %s, or for each light of their cycle",
                file,
                fields.size(),
                raw.size(),
                name);
        for (Grid2D field : fields)
            require(
                    field.size().equals(raw.getFirst().size()),
                    "%s (data.backgroundFile) is %s but the shots of %s are %s",
                    file,
                    field.size(),
                    name,
                    raw.getFirst().size());
        int first = window.map(ShotWindow::first).orElse(0);
        return new FlatField(
                IntStream.range(0, raw.size())
                        .mapToObj(shot ->
                                Background.divideByField(raw.get(shot), fields.get((first + shot) % fields.size())))
                        .toList(),
                Optional.empty());
    }

    /**
     * Pictures of the empty field for every light of a cycle, as they are found under the specimen in the whole field;
     * empty where the shots are not to be divided by such pictures.
     *
     * @param raw first shot of each light
     */
    static Optional<List<Grid2D>> ofWhole(Configuration c, List<Grid2D> raw) {
        String background = c.get(DpcKeys.DATA_BACKGROUND);
        if (c.find(DpcKeys.DATA_BACKGROUND_FILE).isPresent() || !Background.isCounts(raw)) return Optional.empty();
        return switch (background) {
            case "auto", "surface" -> Optional.of(SmoothSurface.light(raw).surfaces());
            case "mean" -> Optional.of(raw.stream().map(FlatField::mean).toList());
            default -> Optional.empty();
        };
    }

    private static Grid2D mean(Grid2D picture) {
        Grid2D mean = new Grid2D(picture.height(), picture.width());
        Arrays.fill(mean.values(), picture.sum() / picture.values().length);
        return mean;
    }
}
