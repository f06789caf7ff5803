: filter INPUT
-p tcp -m osf --genre Linux                   ; = ; REFUSED fingerprints
-p tcp -m osf ! --genre Windows --ttl 2 --log 2 ; = ; REFUSED fingerprints
-m osf --genre Linux                          ;  ; FAIL Invalid argument
bytes 00                                      ;  ; FAIL 1 bytes of data, expected 48
