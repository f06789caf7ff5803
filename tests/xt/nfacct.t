: filter INPUT
-m nfacct --nfacct-name nosuch                ;  ; FAIL No chain/target/match
alone 0 'web' 00*37                           ; -m nfacct --nfacct-name web ; REFUSED accounting object
alone 1 'web' 00*37                           ; -m nfacct --nfacct-name web ; REFUSED accounting object
6 alone 0 'web' 00*37                         ; -m nfacct --nfacct-name web ; REFUSED accounting object
bytes 00                                      ;  ; FAIL 1 bytes of data, expected 40
