#!/usr/bin/env python3
"""Makes demo/digits.pb: a small convolutional network, trained in TensorFlow 1 style, then frozen.

    .venv/bin/python demo/train_digits.py [OUTPUT.pb]

It is trained on the digits 0 to 7 only, so that there is something left to learn: 8 and 9 it has never seen. The
weights end up as constants and the checkpoint is thrown away, as with many a published model.
"""
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # one kernel path, so that two runs on one machine give equal bytes

import tensorflow.compat.v1 as tf  # noqa: E402

from digits_data import batches, digits  # noqa: E402

SEED = 1
EPOCHS = 12


def variable(name, shape, initial, trainable=True):
    return tf.get_variable(name, shape, tf.float32, initial, trainable=trainable, use_resource=False)


def convolution(x, name, channels):
    with tf.variable_scope(name):
        kernel = variable("kernel", [3, 3, x.shape[-1], channels], tf.glorot_uniform_initializer(seed=SEED))
        return tf.nn.conv2d(x, kernel, strides=[1, 1, 1, 1], padding="SAME")


def batch_norm(x, name, training):
    with tf.variable_scope(name):
        size = [x.shape[-1]]
        gamma = variable("gamma", size, tf.ones_initializer())
        beta = variable("beta", size, tf.zeros_initializer())
        mean = variable("moving_mean", size, tf.zeros_initializer(), trainable=False)
        variance = variable("moving_variance", size, tf.ones_initializer(), trainable=False)
        if not training:
            return tf.nn.fused_batch_norm(x, gamma, beta, mean, variance, is_training=False)[0]
        y, batch_mean, batch_variance = tf.nn.fused_batch_norm(x, gamma, beta, is_training=True)
        for moving, value in ((mean, batch_mean), (variance, batch_variance)):
            tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.assign_sub(moving, (moving - value) * 0.1))
        return y


def dense(x, name, units):
    with tf.variable_scope(name):
        kernel = variable("kernel", [x.shape[-1], units], tf.glorot_uniform_initializer(seed=SEED))
        bias = variable("bias", [units], tf.zeros_initializer())
        return tf.nn.bias_add(tf.matmul(x, kernel), bias)


def network(images, training):
    x = images
    for layer, channels in enumerate((16, 32), 1):
        x = convolution(x, f"conv{layer}", channels)
        x = tf.nn.relu(batch_norm(x, f"bn{layer}", training), name=f"relu{layer}")
        x = tf.nn.max_pool2d(x, 2, 2, "SAME", name=f"pool{layer}")
    x = tf.reshape(x, [-1, 2 * 2 * 32], name="flat")
    x = tf.nn.relu(dense(x, "hidden", 256))
    logits = tf.identity(dense(x, "digits", 10), name="logits")
    return logits, tf.nn.softmax(logits, name="probabilities")


def train(prefix):
    (images, labels), _ = digits()
    images, labels = images[labels < 8], labels[labels < 8]
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(SEED)
        x = tf.placeholder(tf.float32, [None, 8, 8, 1], "images")
        y = tf.placeholder(tf.int32, [None], "labels")
        logits, _ = network(x, training=True)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        step = tf.train.MomentumOptimizer(0.05, 0.9).minimize(loss)
        updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
        session.run(tf.global_variables_initializer())
        for some_images, some_labels in batches(images, labels, EPOCHS, SEED):
            session.run([step, *updates], {x: some_images, y: some_labels})
        tf.train.Saver(tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES)).save(session, prefix, write_meta_graph=False)


def freeze(prefix, output):
    with tf.Graph().as_default() as graph, tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 8, 8, 1], "images")
        network(x, training=False)
        tf.train.Saver().restore(session, prefix)
        frozen = tf.graph_util.convert_variables_to_constants(session, graph.as_graph_def(), ["logits", "probabilities"])
        output.write_bytes(frozen.SerializeToString(deterministic=True))


def main():
    output = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).with_name("digits.pb"))
    tf.disable_eager_execution()
    tf.logging.set_verbosity(tf.logging.ERROR)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        prefix = os.path.join(folder, "digits.ckpt")
        train(prefix)
        freeze(prefix, output)
    print(f"{os.path.relpath(output)}: {output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
