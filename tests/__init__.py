"""The tests of velobind; they mirror its folders."""
