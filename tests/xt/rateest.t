# A rule loads where another makes its estimator; what is counted and compared stands in tests/xt/stateful_test.cpp.
: filter INPUT
-m rateest --rateest RE1 --rateest-lt --rateest-bps 8bit ;  ; FAIL No chain/target/match
alone 0 00*32 00*40                           ;  ; FAIL flags 0
alone 0 00*32 16 00 02 00 00*36               ;  ; FAIL flags 0x16
alone 0 00*32 02 00 02 00 00*36               ;  ; FAIL flags 0x2
alone 0 00*32 12 00 04 00 00*36               ;  ; FAIL mode 4
bytes 00                                      ;  ; FAIL 1 bytes of data, expected
