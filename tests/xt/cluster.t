: mangle PREROUTING
-m cluster --cluster-total-nodes 4 --cluster-local-node 4 --cluster-hash-seed 0xdeadbeef ; -m cluster --cluster-local-nodemask 0x00000008 --cluster-total-nodes 4 --cluster-hash-seed 0xdeadbeef ; REFUSED match cluster rev 0: not evaluated by this build: it needs connection tracking
-m cluster --cluster-total-nodes 2 ! --cluster-local-nodemask 3 --cluster-hash-seed 1 ; -m cluster ! --cluster-local-nodemask 0x00000003 --cluster-total-nodes 2 --cluster-hash-seed 0x00000001 ; REFUSED connection tracking
patch 4 04                                   ;   ; FAIL node mask 0x4 of 2 nodes
patch 0 21                                   ;   ; FAIL 33 nodes
patch 0 20 00 00 00 ff ff ff ff              ; -m cluster ! --cluster-local-nodemask 0xffffffff --cluster-total-nodes 32 --cluster-hash-seed 0x00000001 ; REFUSED connection tracking
patch 0 00 00 00 00 00                       ; -m cluster ! --cluster-local-nodemask 0x00000000 --cluster-total-nodes 0 --cluster-hash-seed 0x00000001 ; REFUSED connection tracking
patch 0 00 00 00 00 01                       ;   ; FAIL node mask 0x1 of 0 nodes
patch 12 fe                                  ; -m cluster --cluster-local-nodemask 0x00000003 --cluster-total-nodes 2 --cluster-hash-seed 0x00000001 ; REFUSED connection tracking
6 -m cluster --cluster-total-nodes 2 --cluster-local-node 2 --cluster-hash-seed 0xfeedcafe ; -m cluster --cluster-local-nodemask 0x00000002 --cluster-total-nodes 2 --cluster-hash-seed 0xfeedcafe ; REFUSED connection tracking
-m cluster                                   ;   ; FAIL is missing
bytes 00*15                                  ;   ; FAIL 15 bytes of data, expected 16
