"""SciPy: the products of compressed sparse rows (CSR) and of block sparse rows (BSR)."""

from peer_work import Case, Unsupported, difference

INSTALL = "pip install scipy"


def cases(work):
    import scipy
    import scipy.sparse as sparse

    x = work.arrays["x"]
    shape = work.shape("csr")
    indptr, indices, data = work.csr("csr")
    csr = sparse.csr_matrix((data, indices, indptr), shape=shape)
    indptr, indices, data = work.csr("blocks")
    blocks = data.reshape(-1, work.block_size, 1)
    bsr = sparse.bsr_matrix((blocks, indices, indptr), shape=shape)
    forward = "sparse forward"
    name = "SciPy " + scipy.__version__
    in_blocks = "%s, BSR of %d" % (name, work.block_size)
    return name, [
        Case(forward, lambda: csr @ x, lambda: difference(csr @ x, work.arrays["out"]), name + ", CSR"),
        Case(forward, lambda: bsr @ x, lambda: difference(bsr @ x, work.arrays["blockOut"]), in_blocks),
        Unsupported("sparse forward + backward", "it has no product at the stored weights alone"),
    ]
