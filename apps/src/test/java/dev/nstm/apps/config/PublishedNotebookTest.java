package dev.nstm.apps.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.apps.command.CommandAccess;
import dev.nstm.apps.dpc.DpcKeys;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedNotebookTest {
    @TempDir
    private Path directory;

    /** Cells as Jupyter keeps them: a list of lines, or one text. */
    private Path notebook(String... cells) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        for (int i = 0; i < cells.length; i++) {
            ObjectNode cell = root.withArray("cells").addObject().put("cell_type", i == 0 ? "markdown" : "code");
            if (i % 2 == 0) cell.put("source", cells[i]);
            else
                for (String line : cells[i].split("(?<=\n)"))
                    cell.withArray("source").add(line);
        }
        return Files.writeString(directory.resolve("dpc.ipynb"), mapper.writeValueAsString(root));
    }

    private static Configuration read(Path file, String... settings) throws IOException {
        return CommandAccess.published(file, List.of(settings), line -> {});
    }

    @Test
    void theNumbersOfTheNotebookAreTaken() throws IOException {
        Path file = notebook("wavelength = 99", """
                path = 'x'
                data_path = './mine.npz'
                # na = 0.9
                wavelength = 0.5
                na = 0.3
                pixel_size = 0.4
                """, """
                object_fine_hash_ratio = 0.5
                object_base_hash_ratio = 0.1
                motion_hash_ratio = 0.04
                motion_hash_temporal = 3
                scene = HashParameters(n_levels=6, n_features_per_level=2, log2_hashmap_size=15)
                object_mlp_param = spacetime.MLPParameters(net_depth=3, net_width=64,
                                                           net_activation=nn.gelu, skip_layer=4)
                motion_mlp_param = spacetime.MLPParameters(net_depth=2, net_width=16, net_activation=nn.elu, skip_layer=6)
                """, """
                batch_size = 2
                model = dpc_flow.DPCFlow(param, s, all, annealed_epoch=1500)
                l2 = Loss(gen_loss_l2(margin=7), 'l2')
                total = l2 + reg_absorp * 2e-4 + reg_phase*4e-4
                """, """
                settings = Iterations(save_dir=p, n_epoch=2000)
                object_mlp_params = cc.ReconVarParameters(lr=2e-3, schedule_kwargs={'transition_steps': 4e3, 'decay_rate': 0.2})
                motion_mlp_params = cc.ReconVarParameters(lr=3e-5, schedule_kwargs={'transition_steps': 4e3, 'decay_rate': 0.2})
                margin = 20
                """);
        Configuration c = read(file);
        assertEquals("dpc", c.get(Keys.SYSTEM));
        assertEquals("published", c.get(Keys.SCHEDULE));
        assertEquals("./mine.npz", c.get(Keys.DATA_FILE));
        assertEquals(0.5, c.get(Keys.OPTICS_WAVELENGTH));
        assertEquals(0.3, c.get(Keys.OPTICS_NUMERICAL_APERTURE), "not what a comment says");
        assertEquals(0.4, c.get(Keys.OPTICS_PIXEL_SIZE));
        assertEquals(0.8, c.get(Keys.OBJECT_FINEST_CELL), 1e-12);
        assertEquals(4, c.get(Keys.OBJECT_COARSEST_CELL), 1e-12);
        assertEquals(20, c.get(Keys.MOTION_FINEST_CELL), 1e-9);
        assertEquals(3, c.get(Keys.MOTION_TIME_CELLS));
        assertEquals(6, c.get(Keys.OBJECT_LEVELS));
        assertEquals(3, c.get(Keys.OBJECT_DEPTH));
        assertEquals(64, c.get(Keys.OBJECT_WIDTH));
        assertEquals(16, c.get(Keys.MOTION_WIDTH));
        assertEquals(2, c.get(Keys.TRAINING_BATCH_SIZE));
        assertEquals(0.75, c.get(Keys.TRAINING_ANNEALED_FRACTION), 1e-12);
        assertEquals(7, c.get(Keys.LOSS_MARGIN));
        assertEquals(2e-4, c.get(DpcKeys.LOSS_ABSORPTION_WEIGHT));
        assertEquals(1e-4, c.get(DpcKeys.LOSS_PHASE_WEIGHT), 1e-15, "of a phase in radians");
        assertEquals(2000, c.get(Keys.TRAINING_EPOCHS));
        assertEquals(2e-3, c.get(Keys.TRAINING_OBJECT_RATE));
        assertEquals(3e-5, c.get(Keys.TRAINING_MOTION_RATE));
        assertEquals(4000, c.get(Keys.TRAINING_DECAY_STEPS));
        assertEquals(0.2, c.get(Keys.TRAINING_DECAY_RATE));
        assertEquals(10, read(file, "training.epochs=10").get(Keys.TRAINING_EPOCHS), "--set prevails");
    }

    @Test
    void otherNotebooksAreRefused() throws IOException {
        assertTrue(assertThrows(InvalidInputException.class, () -> read(notebook("", "x = 1")))
                .getMessage()
                .contains("not the published notebook for DPC"));
        Path broken = Files.writeString(directory.resolve("broken.ipynb"), "{");
        assertTrue(assertThrows(InvalidInputException.class, () -> read(broken))
                .getMessage()
                .contains("is not a notebook"));
        assertTrue(assertThrows(InvalidInputException.class, () -> read(notebook("", "object_fine_hash_ratio = 1.2.3")))
                .getMessage()
                .contains("must be a number, got 1.2.3"));
        assertTrue(assertThrows(
                        InvalidInputException.class,
                        () -> read(
                                notebook("", "object_fine_hash_ratio = 0.4\npixel_size = 6.5 / 20  # of the specimen")))
                .getMessage()
                .contains("pixel_size is worked out as 6.5 / 20; write the number"));
    }
}
