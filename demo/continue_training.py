#!/usr/bin/env python3
"""Goes on training a model that Thaw made of demo/digits.pb, in real TensorFlow, as with any checkpoint of one's own.

    .venv/bin/python demo/continue_training.py PREFIX

The frozen model was shown the digits 0 to 7 only. This adds a loss and an optimiser, trains on all ten for a few
passes, prints the accuracy on images kept aside before and after, and saves PREFIX-trained.
"""
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # else it greets us on stderr

import tensorflow.compat.v1 as tf  # noqa: E402

from digits_data import batches, digits  # noqa: E402

EPOCHS = 8


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    prefix = sys.argv[1]
    tf.disable_eager_execution()
    tf.logging.set_verbosity(tf.logging.ERROR)
    (images, labels), (test_images, test_labels) = digits()

    saver = tf.train.import_meta_graph(prefix + ".meta")
    graph = tf.get_default_graph()
    x, logits = graph.get_tensor_by_name("images:0"), graph.get_tensor_by_name("logits:0")
    y = tf.placeholder(tf.int32, [None], "labels")
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    hits = tf.cast(tf.equal(tf.argmax(logits, 1, output_type=tf.int32), y), tf.float32)
    optimizer = tf.train.AdamOptimizer(1e-3)
    step = optimizer.minimize(loss)

    with tf.Session() as session:
        saver.restore(session, prefix)
        session.run(tf.variables_initializer(optimizer.variables()))

        def report(when):
            hit = session.run(hits, {x: test_images, y: test_labels})
            known, unknown = hit[test_labels < 8], hit[test_labels >= 8]
            print(f"{when}: {hit.mean():6.1%} of {hit.size} test images right "
                  f"(0 to 7: {known.mean():.1%}, 8 and 9: {unknown.mean():.1%})", flush=True)

        print(f"{len(tf.trainable_variables())} trainable variables came with {prefix}.meta")
        report("before")
        for some_images, some_labels in batches(images, labels, EPOCHS, seed=1):
            session.run(step, {x: some_images, y: some_labels})
        report("after ")
        print("saved", tf.train.Saver().save(session, prefix + "-trained"))


if __name__ == "__main__":
    main()
